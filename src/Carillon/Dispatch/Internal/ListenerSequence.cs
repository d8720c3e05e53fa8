using System.Runtime.CompilerServices;
using Carillon.Background.Internal;
using Carillon.Deliveries.Internal;
using Carillon.Listeners;
using Carillon.Listeners.Internal;

namespace Carillon.Dispatch.Internal;

/// <summary>Calls inline listeners one after the other and has the others noted: durable ones recorded, background ones queued.</summary>
internal sealed class ListenerSequence
{
    private readonly string _eventName;
    private readonly DispatchPolicy _policy;
    private readonly Listener[] _listeners;
    private readonly bool _needsContext;
    private readonly bool _hasDurable;
    private readonly bool _hasBackground;
    private readonly Lazy<DeliveryRecorder> _recorder;
    private readonly Lazy<BackgroundQueue> _background;
    private readonly TimeProvider _time;

    internal ListenerSequence(
        string eventName, DispatchPolicy policy, Lazy<DeliveryRecorder> recorder, Lazy<BackgroundQueue> background, TimeProvider time)
    {
        _eventName = eventName;
        _policy = policy;
        _listeners = policy.Listeners;
        _hasDurable = _listeners.Any(listener => listener.Delivery == Delivery.Durable);
        _hasBackground = _listeners.Any(listener => listener.Delivery == Delivery.Background);
        // The context holds the id of the event, which durable and background listeners share.
        _needsContext = (_hasDurable && _hasBackground) || _listeners.Any(listener => listener is { NeedsContext: true, Delivery: Delivery.Inline });
        _recorder = recorder;
        _background = background;
        _time = time;
    }

    /// <param name="event">The event.</param>
    /// <param name="dispatcher">The dispatcher of the scope.</param>
    /// <param name="results">Takes in what listeners give back; null for an emitter that does not want it.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    internal ValueTask InvokeAsync(object @event, EventDispatcher dispatcher, ResultCollector? results, CancellationToken cancellationToken)
    {
        var context = _needsContext ? new EventContext(_eventName, dispatcher, _time, cancellationToken) : null;
        var outcome = results is not null || _policy.NeedsOutcome ? new DispatchOutcome(results) : null;
        return RunFromAsync(0, @event, context, outcome, dispatcher, cancellationToken);
    }

    // Stays synchronous, and so allocates nothing, for as long as listeners complete at once; the first that does not moves to AwaitAsync.
    private ValueTask RunFromAsync(
        int place, object @event, EventContext? context, DispatchOutcome? outcome, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        var call = new ListenerCall(dispatcher.Services, context, cancellationToken, outcome);
        for (; place < _listeners.Length && !IsStopped(@event, context, outcome); place++)
        {
            var listener = _listeners[place];
            if (listener.Delivery != Delivery.Inline)
            {
                continue;
            }

            if (outcome is not null)
            {
                outcome.Current = listener;
            }

            var running = listener.Invoke(@event, in call);
            if (!running.IsCompletedSuccessfully)
            {
                return AwaitAsync(running, place + 1, @event, context, outcome, dispatcher, cancellationToken);
            }

            // Gives a pooled source back; nothing to do for the usual one.
            running.GetAwaiter().GetResult();
        }

        return outcome is { Failures: not null }
            ? ReportAsync(outcome, place, @event, context, dispatcher, cancellationToken)
            : NoteAsync(place, @event, context, dispatcher, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitAsync(
        ValueTask running, int next, object @event, EventContext? context, DispatchOutcome? outcome, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        await running.ConfigureAwait(false);
        await RunFromAsync(next, @event, context, outcome, dispatcher, cancellationToken).ConfigureAwait(false);
    }

    // A durable or background listener takes part if the dispatch came past its place. The event is captured here, after the last inline listener.
    private ValueTask NoteAsync(int place, object @event, EventContext? context, EventDispatcher dispatcher, CancellationToken cancellationToken) =>
        _hasBackground ? QueueAsync(place, @event, context, dispatcher, cancellationToken)
        : _hasDurable ? RecordAsync(place, @event, context, dispatcher, cancellationToken)
        : ValueTask.CompletedTask;

    private ValueTask RecordAsync(int place, object @event, EventContext? context, EventDispatcher dispatcher, CancellationToken cancellationToken) =>
        _recorder.Value.RecordAsync(_eventName, @event, Before(place, Delivery.Durable), context, dispatcher, cancellationToken);

    // What may fail comes first: nothing runs in the background for a dispatch whose deliveries could not be recorded.
    private async ValueTask QueueAsync(int place, object @event, EventContext? context, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        if (_hasDurable)
        {
            await RecordAsync(place, @event, context, dispatcher, cancellationToken).ConfigureAwait(false);
        }

        var eventId = context?.EventId ?? Guid.CreateVersion7(_time.GetUtcNow());
        await _background.Value.AddAsync(_eventName, @event, eventId, Before(place, Delivery.Background), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells the emitter what failed, once the deliveries are recorded.</summary>
    private async ValueTask ReportAsync(
        DispatchOutcome outcome, int place, object @event, EventContext? context, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        try
        {
            await NoteAsync(place, @event, context, dispatcher, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _policy.LogUnreported(outcome);
            throw;
        }

        throw new ListenersFailedException(_eventName, outcome.Failures!);
    }

    private static bool IsStopped(object @event, EventContext? context, DispatchOutcome? outcome) =>
        @event is IStoppableEvent { IsPropagationStopped: true } || context is { IsPropagationStopped: true } || outcome is { IsStopped: true };

    private List<Listener> Before(int place, Delivery delivery)
    {
        var before = new List<Listener>();
        for (var index = 0; index < place; index++)
        {
            if (_listeners[index].Delivery == delivery)
            {
                before.Add(_listeners[index]);
            }
        }

        return before;
    }
}
