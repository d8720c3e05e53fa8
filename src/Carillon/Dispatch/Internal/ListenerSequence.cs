using Carillon.Deliveries.Internal;
using Carillon.Listeners;
using Carillon.Listeners.Internal;

namespace Carillon.Dispatch.Internal;

/// <summary>Calls inline listeners one after the other and has the durable ones recorded.</summary>
internal sealed class ListenerSequence
{
    private readonly string _eventName;
    private readonly DispatchPolicy _policy;
    private readonly Listener[] _listeners;
    private readonly bool _needsContext;
    private readonly bool _hasDurable;
    private readonly Lazy<DeliveryRecorder> _recorder;
    private readonly TimeProvider _time;

    internal ListenerSequence(string eventName, DispatchPolicy policy, Lazy<DeliveryRecorder> recorder, TimeProvider time)
    {
        _eventName = eventName;
        _policy = policy;
        _listeners = policy.Listeners;
        _needsContext = _listeners.Any(listener => listener is { NeedsContext: true, Delivery: Delivery.Inline });
        _hasDurable = _listeners.Any(listener => listener.Delivery == Delivery.Durable);
        _recorder = recorder;
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
            if (listener.Delivery == Delivery.Durable)
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
            : RecordAsync(place, @event, context, dispatcher, cancellationToken);
    }

    private async ValueTask AwaitAsync(
        ValueTask running, int next, object @event, EventContext? context, DispatchOutcome? outcome, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        await running.ConfigureAwait(false);
        await RunFromAsync(next, @event, context, outcome, dispatcher, cancellationToken).ConfigureAwait(false);
    }

    // A durable listener takes part if the dispatch came past its place. The event is captured here, after the last inline listener.
    private ValueTask RecordAsync(int place, object @event, EventContext? context, EventDispatcher dispatcher, CancellationToken cancellationToken) =>
        _hasDurable
            ? _recorder.Value.RecordAsync(_eventName, @event, DurableBefore(place), context, dispatcher, cancellationToken)
            : ValueTask.CompletedTask;

    /// <summary>Tells the emitter what failed, once the deliveries are recorded.</summary>
    private async ValueTask ReportAsync(
        DispatchOutcome outcome, int place, object @event, EventContext? context, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        try
        {
            await RecordAsync(place, @event, context, dispatcher, cancellationToken).ConfigureAwait(false);
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

    private List<Listener> DurableBefore(int place)
    {
        var durable = new List<Listener>();
        for (var index = 0; index < place; index++)
        {
            if (_listeners[index].Delivery == Delivery.Durable)
            {
                durable.Add(_listeners[index]);
            }
        }

        return durable;
    }
}
