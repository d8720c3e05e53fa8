using Carillon.Dispatch.Internal;
using Carillon.Events;
using Carillon.Listeners.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Hosting.Internal;

/// <summary>Says when the host has started and when it begins to stop, to those who listen.</summary>
internal static class LifecycleEvents
{
    // Written out: reading attributes costs a start more than everything else here.
    private static readonly EventType Booted = new(typeof(ApplicationBooted), "application.booted");
    private static readonly EventType Stopping = new(typeof(ApplicationStopping), "application.stopping");

    internal static Task DispatchBootedAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        HasListeners(services, Booted)
            ? DispatchAsync(services, new ApplicationBooted(services.GetRequiredService<TimeProvider>().GetUtcNow()), cancellationToken)
            : Task.CompletedTask;

    internal static Task DispatchStoppingAsync(IServiceProvider services, CancellationToken cancellationToken) =>
        HasListeners(services, Stopping)
            ? DispatchAsync(services, new ApplicationStopping(services.GetRequiredService<TimeProvider>().GetUtcNow()), cancellationToken)
            : Task.CompletedTask;

    // The providers are asked, not the plans: no plan, no scope and no dispatcher for an event that nobody hears.
    private static bool HasListeners(IServiceProvider services, EventType eventType)
    {
        foreach (var provider in services.GetRequiredService<PlanTable>().Providers)
        {
            foreach (var listener in provider.GetListeners(eventType))
            {
                // One that answers alike for every event does not mean these.
                if (ListenerPattern.Takes(listener, eventType))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static async Task DispatchAsync<TEvent>(IServiceProvider services, TEvent @event, CancellationToken cancellationToken)
        where TEvent : notnull
    {
        var scope = services.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            await scope.ServiceProvider.GetRequiredService<EventDispatcher>().DispatchAsync(@event, cancellationToken).ConfigureAwait(false);
        }
    }
}
