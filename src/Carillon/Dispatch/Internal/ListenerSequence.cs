using System.Runtime.CompilerServices;
using Carillon.Background.Internal;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Listeners;
using Carillon.Listeners.Internal;
using Carillon.Transactions.Internal;

namespace Carillon.Dispatch.Internal;

/// <summary>Calls inline listeners one after the other and has the others noted: durable ones recorded, background ones queued, those of a phase kept for it.</summary>
internal sealed class ListenerSequence
{
    private readonly string _eventName;
    private readonly DispatchPolicy _policy;
    private readonly Listener[] _listeners;
    private readonly bool _needsContext;
    private readonly bool _hasDurable;
    private readonly bool _hasBackground;
    private readonly bool _hasPhased;
    private readonly Lazy<DeliveryRecorder> _recorder;
    private readonly Lazy<BackgroundQueue> _background;
    private readonly Lazy<PhaseRunner> _phases;
    private readonly TimeProvider _time;

    internal ListenerSequence(
        string eventName, DispatchPolicy policy, Lazy<DeliveryRecorder> recorder, Lazy<BackgroundQueue> background, Lazy<PhaseRunner> phases, TimeProvider time)
    {
        _eventName = eventName;
        _policy = policy;
        _listeners = policy.Listeners;
        _hasDurable = _listeners.Any(listener => listener.Delivery == Delivery.Durable);
        _hasBackground = _listeners.Any(listener => listener.Delivery == Delivery.Background);
        _hasPhased = _listeners.Any(listener => listener.Delivery.IsPhase());
        // The context holds the id of the event, which all that runs later shares.
        _needsContext = (_hasDurable && (_hasBackground || _hasPhased))
            || (_hasBackground && _hasPhased)
            || _listeners.Any(listener => listener.NeedsContext && (listener.Delivery == Delivery.Inline || listener.Delivery.IsPhase()));
        _recorder = recorder;
        _background = background;
        _phases = phases;
        _time = time;
    }

    /// <param name="event">The event.</param>
    /// <param name="dispatcher">The dispatcher of the scope.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    internal ValueTask InvokeAsync(object @event, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        var context = _needsContext ? new EventContext(_eventName, dispatcher, _time, cancellationToken) : null;
        var outcome = _policy.NeedsOutcome ? new DispatchOutcome(results: null) : null;
        return RunFromAsync(0, @event, context, outcome, dispatcher, cancellationToken);
    }

    /// <param name="event">The event.</param>
    /// <param name="scope">The dispatcher, and what the emitter wants back or says of deliveries.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    internal ValueTask InvokeAsync(object @event, ResultScope scope, CancellationToken cancellationToken)
    {
        var context = !_needsContext ? null
            : scope.Options?.Arrival is { } arrival ? new EventContext(_eventName, arrival, scope.Dispatcher, _time, cancellationToken)
            : new EventContext(_eventName, scope.Dispatcher, _time, cancellationToken);
        if (!_hasDurable && scope.Options is { WantsDurable: true })
        {
            Log.OptionsUnused(Loggers.Of(scope.Services).Deliveries, _eventName);
        }

        return RunFromAsync(0, @event, context, new DispatchOutcome(scope.Results) { Options = scope.Options }, scope.Dispatcher, cancellationToken);
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
            : NoteAsync(place, @event, context, outcome, dispatcher, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitAsync(
        ValueTask running, int next, object @event, EventContext? context, DispatchOutcome? outcome, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        await running.ConfigureAwait(false);
        await RunFromAsync(next, @event, context, outcome, dispatcher, cancellationToken).ConfigureAwait(false);
    }

    // A listener that is not inline takes part if the dispatch came past its place. The event is captured here, after the last inline listener.
    private ValueTask NoteAsync(
        int place, object @event, EventContext? context, DispatchOutcome? outcome, EventDispatcher dispatcher, CancellationToken cancellationToken) =>
        context is { Decision: not null } ? ValueTask.CompletedTask
        : _hasPhased ? NoteAllAsync(place, @event, context, outcome, dispatcher, cancellationToken)
        : _hasBackground ? QueueAsync(place, @event, context, outcome, dispatcher, cancellationToken)
        : _hasDurable ? RecordAsync(place, @event, context, outcome, dispatcher, cancellationToken)
        : ValueTask.CompletedTask;

    private ValueTask RecordAsync(
        int place, object @event, EventContext? context, DispatchOutcome? outcome, EventDispatcher dispatcher, CancellationToken cancellationToken) =>
        _recorder.Value.RecordAsync(
            _eventName, @event, Before(place, static delivery => delivery == Delivery.Durable), context, dispatcher, outcome?.Options, cancellationToken);

    // What may fail comes first, the room for all that is to run in the background and then the deliveries: a dispatch that could not have the one leaves none of the other.
    private async ValueTask QueueAsync(
        int place, object @event, EventContext? context, DispatchOutcome? outcome, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        if (!_hasBackground)
        {
            await RecordIfDurableAsync(place, @event, context, outcome, dispatcher, cancellationToken).ConfigureAwait(false);
            return;
        }

        var eventId = context?.EventId ?? outcome?.Options?.Arrival?.Envelope.Id ?? Guid.CreateVersion7(_time.GetUtcNow());
        var queue = _background.Value;
        var calls = await queue
            .ReserveAsync(_eventName, @event, eventId, Before(place, static delivery => delivery == Delivery.Background), cancellationToken)
            .ConfigureAwait(false);
        try
        {
            await RecordIfDurableAsync(place, @event, context, outcome, dispatcher, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            queue.GiveBack(calls);
            throw;
        }

        queue.Add(calls);
    }

    private ValueTask RecordIfDurableAsync(
        int place, object @event, EventContext? context, DispatchOutcome? outcome, EventDispatcher dispatcher, CancellationToken cancellationToken) =>
        _hasDurable ? RecordAsync(place, @event, context, outcome, dispatcher, cancellationToken) : ValueTask.CompletedTask;

    // Without a unit of work the deliveries are the commit: one that runs before it can refuse the whole.
    private async ValueTask NoteAllAsync(
        int place, object @event, EventContext? context, DispatchOutcome? outcome, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        var phased = Phased(place, @event, context, dispatcher);
        var work = phased.Count == 0 ? null : dispatcher.FindWork(outcome?.Options);
        foreach (var call in phased)
        {
            if (call.Phase == Delivery.BeforeCommit && work is not { SeesCommit: true })
            {
                await call.RunInsideAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        await QueueAsync(place, @event, context, outcome, dispatcher, cancellationToken).ConfigureAwait(false);
        if (work is null)
        {
            await PhaseRunner.RunAfterAsync(phased, static _ => Delivery.AfterCommit).ConfigureAwait(false);
        }
        else
        {
            Keep(phased, work);
        }
    }

    private List<PhasedCall> Phased(int place, object @event, EventContext? context, EventDispatcher dispatcher)
    {
        var eventId = context?.EventId ?? Guid.CreateVersion7(_time.GetUtcNow());
        return Before(place, DeliveryPhases.IsPhase)
            .ConvertAll(listener => new PhasedCall(_phases.Value, listener, @event, _eventName, eventId, dispatcher));
    }

    private static void Keep(List<PhasedCall> phased, PendingWork work)
    {
        foreach (var call in phased)
        {
            if (call.Phase != Delivery.BeforeCommit || work.SeesCommit)
            {
                work.Add(call);
            }
        }
    }

    /// <summary>Tells the emitter what failed, once the deliveries are recorded.</summary>
    private async ValueTask ReportAsync(
        DispatchOutcome outcome, int place, object @event, EventContext? context, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        try
        {
            await NoteAsync(place, @event, context, outcome, dispatcher, cancellationToken).ConfigureAwait(false);
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

    private List<Listener> Before(int place, Predicate<Delivery> isMeant)
    {
        var before = new List<Listener>();
        for (var index = 0; index < place; index++)
        {
            if (isMeant(_listeners[index].Delivery))
            {
                before.Add(_listeners[index]);
            }
        }

        return before;
    }
}
