using Carillon.Diagnostics.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Middleware.Internal;

/// <summary>Logs dispatches, and listeners with their failures before the emitter gets them. The logger is a quiet one: it never fails a dispatch.</summary>
internal sealed class LoggingMiddleware(TimeProvider time, ILogger logger) : IEventMiddleware, IListenerMiddleware
{
    public async ValueTask InvokeAsync(object @event, EventNext next, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        Log.DispatchStarted(logger, next.EventName);
        try
        {
            await next.InvokeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The exception itself is written where it came from.
            Log.DispatchFailed(logger, next.EventName, time.GetElapsedTime(start), exception.GetType());
            throw;
        }

        Log.DispatchFinished(logger, next.EventName, time.GetElapsedTime(start));
    }

    public async ValueTask InvokeAsync(object @event, ListenerNext next, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        try
        {
            await next.InvokeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (next.Listener.Delivery == Delivery.Inline)
        {
            // Of any other listener it is said by whoever runs it, with what becomes of the event.
            Log.ListenerThrew(logger, next.Listener.Id, next.EventName, time.GetElapsedTime(start), exception);
            throw;
        }

        Log.ListenerFinished(logger, next.Listener.Id, next.EventName, time.GetElapsedTime(start));
    }
}
