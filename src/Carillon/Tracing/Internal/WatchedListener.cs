using Carillon.Listeners;
using Carillon.Listeners.Internal;

namespace Carillon.Tracing.Internal;

/// <summary>A listener that tells the record of its dispatch when it is called, and whether it has stopped the rest.</summary>
internal sealed class WatchedListener(Listener[] listeners, int place, Listener listener)
{
    internal ValueTask InvokeAsync(object @event, in ListenerCall call)
    {
        if (DispatchRecord.Current is not { } record || !record.IsOf(listeners))
        {
            return listener.Invoke(@event, in call);
        }

        record.Call(place);
        return WatchAsync(listener.Invoke(@event, in call), record, @event, call.Context, call.Outcome);
    }

    private async ValueTask WatchAsync(ValueTask running, DispatchRecord record, object @event, EventContext? context, DispatchOutcome? outcome)
    {
        await running.ConfigureAwait(false);
        if (listener.StopPropagation
            || @event is IStoppableEvent { IsPropagationStopped: true }
            || context is { IsPropagationStopped: true }
            || outcome is { IsStopped: true })
        {
            record.Stop(place);
        }
    }
}
