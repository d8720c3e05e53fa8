using Carillon.Diagnostics.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Middleware.Internal;

/// <summary>Tells an observer how long dispatches and listeners took.</summary>
internal sealed class TimingMiddleware(Action<EventTiming> observe, TimeProvider time, ILogger logger) : IEventMiddleware, IListenerMiddleware
{
    public async ValueTask InvokeAsync(object @event, EventNext next, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        try
        {
            await next.InvokeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Observe(next.EventName, listenerId: null, start, exception);
            throw;
        }

        Observe(next.EventName, listenerId: null, start, exception: null);
    }

    public async ValueTask InvokeAsync(object @event, ListenerNext next, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        try
        {
            await next.InvokeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Observe(next.EventName, next.Listener.Id, start, exception);
            throw;
        }

        Observe(next.EventName, next.Listener.Id, start, exception: null);
    }

    private void Observe(string eventName, string? listenerId, long start, Exception? exception)
    {
        try
        {
            observe(new EventTiming(eventName, listenerId, time.GetElapsedTime(start), exception));
        }
#pragma warning disable CA1031 // Whoever watches must not disturb what is watched; his failure is logged.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.TimingFailed(logger, eventName, failure);
        }
    }
}
