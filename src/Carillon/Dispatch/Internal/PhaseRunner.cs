using Carillon.Diagnostics.Internal;
using Carillon.Listeners;
using Carillon.Listeners.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Dispatch.Internal;

/// <summary>Calls listeners in the phase of a unit of work that they wait for.</summary>
internal sealed class PhaseRunner
{
    private readonly IServiceScopeFactory? _scopes;
    private readonly IEventDispatcherFactory? _events;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal PhaseRunner(IServiceProvider services)
    {
        // Without a container of the application there is one scope for all.
        _events = services.GetService<IEventDispatcherFactory>();
        _scopes = _events is null ? null : services.GetService<IServiceScopeFactory>();
        _time = services.GetRequiredService<TimeProvider>();
        _logger = Loggers.Of(services).Dispatch;
    }

    /// <summary>Those that hear how it ended, one after the other in the order of the dispatches; then those that only want to know that it has. Never throws.</summary>
    /// <param name="calls">All that waited.</param>
    /// <param name="phaseOf">What has become of each: after-commit, after-rollback, or completion if nobody knows.</param>
    internal static async ValueTask RunAfterAsync(IReadOnlyList<PhasedCall> calls, Func<PhasedCall, Delivery> phaseOf)
    {
        foreach (var call in calls)
        {
            if (call.Phase is Delivery.AfterCommit or Delivery.AfterRollback && call.Phase == phaseOf(call))
            {
                await call.RunAfterAsync().ConfigureAwait(false);
            }
        }

        foreach (var call in calls)
        {
            if (call.Phase == Delivery.AfterCompletion)
            {
                await call.RunAfterAsync().ConfigureAwait(false);
            }
        }
    }

    internal ValueTask RunInsideAsync(PhasedCall call, CancellationToken cancellationToken) => CallAsync(call, call.Dispatcher, cancellationToken);

    // Not under the emitter's token: it has happened, and whoever waits for it is told.
    internal async ValueTask RunAfterAsync(PhasedCall call)
    {
        try
        {
            if (_scopes is null)
            {
                await CallAsync(call, call.Dispatcher, CancellationToken.None).ConfigureAwait(false);
            }
            else
            {
                await CallInScopeAsync(call, _scopes).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // What has happened stands: whatever a listener throws now is logged and announced, and the others still run.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.PhaseFailed(_logger, call.Listener.Id, call.EventName, call.Phase.Words(), exception);
            await AnnounceAsync(call, exception).ConfigureAwait(false);
        }
    }

    // The scope of the dispatch may be gone, and what it holds belongs to the transaction that has ended.
    private async ValueTask CallInScopeAsync(PhasedCall call, IServiceScopeFactory scopes)
    {
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var dispatcher = scope.ServiceProvider.GetRequiredService<EventDispatcher>();
            // What it dispatches goes on with the chain of the event.
            dispatcher.Chain.Close();
            await CallAsync(call, dispatcher, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private ValueTask CallAsync(PhasedCall call, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        var context = call.Listener.NeedsContext
            ? new EventContext(call.EventName, call.EventId, dispatcher, _time, cancellationToken, call.Phase.Words())
            : null;
        return call.Listener.Invoke(call.Event, new ListenerCall(dispatcher.Services, context, cancellationToken));
    }

    private async ValueTask AnnounceAsync(PhasedCall call, Exception exception)
    {
        if (call.Event is ListenerFailed || _events is null)
        {
            return;
        }

        try
        {
            await _events.DispatchInNewScopeAsync(new ListenerFailed(call.Listener.Id, call.EventName, call.Event, exception), CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The failure itself is in the log.
        catch (Exception unannounced)
#pragma warning restore CA1031
        {
            Log.FailureNotAnnounced(_logger, call.Listener.Id, call.EventName, unannounced);
        }
    }
}
