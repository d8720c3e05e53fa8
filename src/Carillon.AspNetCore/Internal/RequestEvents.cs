using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.AspNetCore.Internal;

/// <summary>The place in the pipeline from which the events of requests are dispatched.</summary>
internal sealed class RequestEvents(RequestDelegate next, RequestListeners listeners, TimeProvider time, ILogger logger)
{
    internal Task HandleAsync(HttpContext context)
    {
        var answer = listeners.Current;
        return answer.HearBefore || answer.HearAfter ? HandleHeardAsync(context, answer) : next(context);
    }

    private async Task HandleHeardAsync(HttpContext context, RequestListeners.Answer answer)
    {
        var started = time.GetTimestamp();
        var items = new RequestItems();
        var answered = false;
        try
        {
            answered = answer.HearBefore && await AskListenersAsync(context, items).ConfigureAwait(false);
            if (!answered)
            {
                await next(context).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (answer.HearAfter)
        {
            await DispatchAfterAsync(context, items, answered, started, exception, StatusOf(context, exception)).ConfigureAwait(false);
            throw;
        }

        if (answer.HearAfter)
        {
            var handled = context.Features.Get<IExceptionHandlerFeature>()?.Error;
            await DispatchAfterAsync(context, items, answered, started, handled, context.Response.StatusCode).ConfigureAwait(false);
        }
    }

    /// <returns>Whether one of them has answered.</returns>
    private static async ValueTask<bool> AskListenersAsync(HttpContext context, RequestItems items)
    {
        var before = new BeforeHandleRequest(context, items);
        await EventsOf(context).DispatchAsync(before, context.RequestAborted).ConfigureAwait(false);
        return before.IsAnswered || context.Response.HasStarted;
    }

    private async ValueTask DispatchAfterAsync(
        HttpContext context, RequestItems items, bool answered, long started, Exception? exception, int status)
    {
        try
        {
            var after = new AfterHandleRequest(context, items)
            {
                Duration = time.GetElapsedTime(started),
                StatusCode = status,
                Exception = exception,
                WasAnsweredBefore = answered,
            };
            // Not under the token of the request: that a client has gone is of interest too.
            await EventsOf(context).DispatchAsync(after, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The request is over: what its observers do wrong must replace neither its response nor its exception.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.AfterListenerFailed(logger, context.Request.Method, context.Request.Path, failure);
        }
    }

    private static IEventDispatcher EventsOf(HttpContext context) => context.RequestServices.GetRequiredService<IEventDispatcher>();

    private static int StatusOf(HttpContext context, Exception exception) =>
        context.Response.HasStarted ? context.Response.StatusCode
        : exception is BadHttpRequestException bad ? bad.StatusCode
        : context.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest
        : StatusCodes.Status500InternalServerError;
}
