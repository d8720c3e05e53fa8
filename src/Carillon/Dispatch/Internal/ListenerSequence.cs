using System.Runtime.CompilerServices;
using Carillon.Deliveries.Internal;
using Carillon.Listeners;

namespace Carillon.Dispatch.Internal;

/// <summary>Calls inline listeners one after the other and has the durable ones recorded.</summary>
internal sealed class ListenerSequence
{
    private readonly string _eventName;
    private readonly Listener[] _listeners;
    private readonly bool _needsContext;
    private readonly bool _hasDurable;
    private readonly Lazy<DeliveryRecorder> _recorder;
    private readonly TimeProvider _time;

    internal ListenerSequence(string eventName, Listener[] listeners, Lazy<DeliveryRecorder> recorder, TimeProvider time)
    {
        _eventName = eventName;
        _listeners = listeners;
        _needsContext = listeners.Any(listener => listener is { NeedsContext: true, Delivery: Delivery.Inline });
        _hasDurable = listeners.Any(listener => listener.Delivery == Delivery.Durable);
        _recorder = recorder;
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
            if (_listeners[place].Delivery == Delivery.Durable)
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

        // A durable listener takes part if the dispatch came past its place. The event is captured here, after the last inline listener.
        return _hasDurable
            ? _recorder.Value.RecordAsync(_eventName, @event, DurableBefore(place), context, dispatcher, cancellationToken)
            : ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitAsync(
        ValueTask running, int next, object @event, EventContext? context, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        await running.ConfigureAwait(false);
        await RunFromAsync(next, @event, context, dispatcher, cancellationToken).ConfigureAwait(false);
    }

    private static bool IsStopped(object @event, EventContext? context) =>
        @event is IStoppableEvent { IsPropagationStopped: true } || context is { IsPropagationStopped: true };

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
