using Carillon.Background.Internal;
using Carillon.Deliveries.Internal;
using Carillon.Listeners;

namespace Carillon.Dispatch.Internal;

/// <summary>Calls inline listeners one after the other and has the others noted: durable ones recorded, background ones queued.</summary>
internal sealed class ListenerSequence
{
    private readonly string _eventName;
    private readonly Listener[] _listeners;
    private readonly bool _needsContext;
    private readonly bool _hasDurable;
    private readonly bool _hasBackground;
    private readonly Lazy<DeliveryRecorder> _recorder;
    private readonly Lazy<BackgroundQueue> _background;
    private readonly TimeProvider _time;

    internal ListenerSequence(string eventName, Listener[] listeners, Lazy<DeliveryRecorder> recorder, Lazy<BackgroundQueue> background, TimeProvider time)
    {
        _eventName = eventName;
        _listeners = listeners;
        _hasDurable = listeners.Any(listener => listener.Delivery == Delivery.Durable);
        _hasBackground = listeners.Any(listener => listener.Delivery == Delivery.Background);
        // The context holds the id of the event, which durable and background listeners share.
        _needsContext = (_hasDurable && _hasBackground) || listeners.Any(listener => listener is { NeedsContext: true, Delivery: Delivery.Inline });
        _recorder = recorder;
        _background = background;
        _time = time;
    }

    internal ValueTask InvokeAsync(object @event, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        var context = _needsContext ? new EventContext(_eventName, dispatcher, _time, cancellationToken) : null;
        return RunFromAsync(0, @event, context, dispatcher, cancellationToken);
    }

    // Stays synchronous, and so allocates nothing, for as long as listeners complete at once; the first that does not moves to AwaitAsync.
    private ValueTask RunFromAsync(int place, object @event, EventContext? context, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        var call = new ListenerCall(dispatcher.Services, context, cancellationToken);
        for (; place < _listeners.Length && !IsStopped(@event, context); place++)
        {
            if (_listeners[place].Delivery != Delivery.Inline)
            {
                continue;
            }

            var running = _listeners[place].Invoke(@event, in call);
            if (!running.IsCompletedSuccessfully)
            {
                return AwaitAsync(running, place + 1, @event, context, dispatcher, cancellationToken);
            }

            // Gives a pooled source back; nothing to do for the usual one.
            running.GetAwaiter().GetResult();
        }

        // A durable or background listener takes part if the dispatch came past its place. The event is captured here, after the last inline listener.
        return _hasBackground ? NoteAsync(place, @event, context, dispatcher, cancellationToken)
            : _hasDurable ? RecordAsync(place, @event, context, dispatcher, cancellationToken)
            : ValueTask.CompletedTask;
    }

    private ValueTask RecordAsync(int place, object @event, EventContext? context, EventDispatcher dispatcher, CancellationToken cancellationToken) =>
        _recorder.Value.RecordAsync(_eventName, @event, Before(place, Delivery.Durable), context, dispatcher, cancellationToken);

    // What may fail comes first: nothing runs in the background for a dispatch that throws.
    private async ValueTask NoteAsync(int place, object @event, EventContext? context, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        if (_hasDurable)
        {
            await RecordAsync(place, @event, context, dispatcher, cancellationToken).ConfigureAwait(false);
        }

        var eventId = context?.EventId ?? Guid.CreateVersion7(_time.GetUtcNow());
        await _background.Value.AddAsync(_eventName, @event, eventId, Before(place, Delivery.Background), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask AwaitAsync(
        ValueTask running, int next, object @event, EventContext? context, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        await running.ConfigureAwait(false);
        await RunFromAsync(next, @event, context, dispatcher, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsStopped(object @event, EventContext? context) =>
        @event is IStoppableEvent { IsPropagationStopped: true } || context is { IsPropagationStopped: true };

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
