using Carillon.Diagnostics.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.Logging;

namespace Carillon.Dispatch.Internal;

/// <summary>Looks how long listeners take that run inside an open transaction. They are wrapped when the plan is made; dispatches elsewhere have plans of their own.</summary>
internal sealed class SlowListeners(TimeSpan limit, TimeProvider time, ILogger logger)
{
    internal Listener[] Watch(Listener[] listeners, string eventName) => Array.ConvertAll(
        listeners,
        listener => listener.Delivery is Delivery.Inline or Delivery.BeforeCommit
            ? listener.With(new Watched(this, listener, eventName).InvokeAsync)
            : listener);

    private void Look(long started, Listener listener, string eventName)
    {
        var duration = time.GetElapsedTime(started);
        if (duration >= limit)
        {
            Log.SlowInTransaction(logger, listener.Id, eventName, duration);
        }
    }

    private sealed class Watched(SlowListeners watch, Listener listener, string eventName)
    {
        internal ValueTask InvokeAsync(object @event, in ListenerCall call)
        {
            var started = watch.GetTimestamp();
            var running = listener.Invoke(@event, in call);
            if (!running.IsCompletedSuccessfully)
            {
                return AwaitAsync(running, started);
            }

            watch.Look(started, listener, eventName);
            return running;
        }

        private async ValueTask AwaitAsync(ValueTask running, long started)
        {
            try
            {
                await running.ConfigureAwait(false);
            }
            finally
            {
                watch.Look(started, listener, eventName);
            }
        }
    }

    private long GetTimestamp() => time.GetTimestamp();
}
