using System.Diagnostics;
using Carillon.Diagnostics.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Background.Internal;

/// <summary>Runs one background listener in a scope and a span of its own, and answers for what it throws. Knows nothing of queues.</summary>
internal sealed class BackgroundRunner(IServiceScopeFactory scopes, IEventDispatcherFactory events, TimeProvider time, Loggers loggers)
{
    private readonly ILogger _logger = loggers.Background;

    /// <summary>Never throws.</summary>
    /// <param name="call">What to call, and with what.</param>
    /// <param name="stop">Cancelled when the process cannot wait any longer.</param>
    internal async ValueTask RunAsync(BackgroundCall call, CancellationToken stop)
    {
        try
        {
            if (Begin(stop) is { } scope)
            {
                await CallAsync(call, scope, stop).ConfigureAwait(false);
            }
            else
            {
                Log.BackgroundLost(_logger, call.Listener.Id, call.EventName);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Log.BackgroundCancelled(_logger, call.Listener.Id, call.EventName);
        }
#pragma warning disable CA1031 // Whatever a listener throws is logged and announced, and ends neither the loop nor the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.BackgroundFailed(_logger, call.Listener.Id, call.EventName, exception);
            await AnnounceAsync(call, exception, stop).ConfigureAwait(false);
        }
    }

    // A container that is being disposed makes no scope any more, and may be so before it comes to the queue: the call never began, and its listener did not fail.
    private AsyncServiceScope? Begin(CancellationToken stop)
    {
        try
        {
            return stop.IsCancellationRequested ? null : scopes.CreateAsyncScope();
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    private async ValueTask CallAsync(BackgroundCall call, AsyncServiceScope scope, CancellationToken stop)
    {
        var span = StartSpan(call);
        try
        {
            await using (scope.ConfigureAwait(false))
            {
                var services = scope.ServiceProvider;
                var context = call.Listener.NeedsContext
                    ? new EventContext(call.EventName, call.EventId, services.GetRequiredService<IEventDispatcher>(), time, stop)
                    : null;
                await call.Listener.Invoke(call.Event, new ListenerCall(services, context, stop)).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            throw;
        }
        finally
        {
            span.End();
        }
    }

    private async ValueTask AnnounceAsync(BackgroundCall call, Exception exception, CancellationToken stop)
    {
        if (call.Event is ListenerFailed)
        {
            return;
        }

        try
        {
            await events.DispatchInNewScopeAsync(new ListenerFailed(call.Listener.Id, call.EventName, call.Event, exception), stop).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The failure itself is in the log.
        catch (Exception unannounced)
#pragma warning restore CA1031
        {
            Log.FailureNotAnnounced(_logger, call.Listener.Id, call.EventName, unannounced);
        }
    }

    private static Span StartSpan(BackgroundCall call) =>
        Telemetry.Source.HasListeners()
            ? Span.StartUnder($"process {call.EventName}", ActivityKind.Internal, call.Cause)
                .Tag(Tags.EventName, call.EventName)
                .Tag(Tags.ListenerId, call.Listener.Id)
            : default;
}
