using Carillon.Deliveries.Internal;
using Carillon.Envelopes.Internal;
using Carillon.Events;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Hosting.Internal;

/// <summary>Everything that can be wrong with an application's listeners and events before the first one is dispatched.</summary>
internal sealed class ConfigurationRules(
    CarillonSetup setup, StoreSlot store, EventSerializer serializer, SingletonRule singletons, IServiceProvider services)
{
    internal IReadOnlyList<string> FindProblems() =>
    [
        .. setup.Problems,
        .. OneListenerAnId(),
        .. OneEventAName(),
        .. DependenciesAreRegistered(),
        .. DurableListenersHaveAStore(),
        .. DurableEventsCanBeStored(),
        .. singletons.FindProblems(),
    ];

    /// <summary>What is allowed but hardly meant.</summary>
    internal IEnumerable<string> FindDuplicates() =>
        setup.Listeners
            .Where(listener => listener.Handler is not null)
            .GroupBy(listener => (listener.Handler, listener.EventType))
            .Where(same => same.Count() > 1)
            .Select(same => $"One lambda listens to '{same.Key.EventType}' {same.Count()} times, as {string.Join(" and ", same.Select(listener => $"'{listener.Id}'"))}, and runs as often.");

    private IEnumerable<string> OneListenerAnId() =>
        setup.DistinctListeners()
            .GroupBy(listener => listener.Id)
            .Where(same => same.Count() > 1)
            .Select(same => $"{same.Count()} listeners have the id '{same.Key}', of {string.Join(" and of ", same.Select(listener => $"'{listener.EventType}'"))}. "
                + "Give each an id of its own, with [OnEvent(Id = \"...\")] or ListenOptions.Id.");

    private IEnumerable<string> OneEventAName() =>
        setup.EventTypes
            .GroupBy(eventType => eventType.Name)
            .Where(same => same.Count() > 1)
            .Select(same => $"{same.Count()} events have the name '{same.Key}': {string.Join(" and ", same.Select(eventType => $"'{eventType.Type}'"))}. "
                + "Give each a name of its own with [Event(\"entity.action\")].");

    private IEnumerable<string> DependenciesAreRegistered()
    {
        // Another container may not be able to tell; then the first dispatch does.
        if (services.GetService<IServiceProviderIsService>() is not { } registered)
        {
            yield break;
        }

        foreach (var listener in setup.DistinctListeners())
        {
            foreach (var dependency in listener.Dependencies.Where(dependency => !IsRegistered(dependency, registered)))
            {
                var key = dependency.Key is null ? "" : $" with the key '{dependency.Key}'";
                yield return $"The listener '{listener.Id}' of '{listener.EventType}' needs '{dependency.ServiceType}'{key}, which is not registered. "
                    + "Add it to the services, or make the parameter optional.";
            }
        }
    }

    private static bool IsRegistered(ListenerDependency dependency, IServiceProviderIsService registered) =>
        dependency.Key is null
            ? registered.IsService(dependency.ServiceType)
            : registered is not IServiceProviderIsKeyedService keyed || keyed.IsKeyedService(dependency.ServiceType, dependency.Key);

    private IEnumerable<string> DurableListenersHaveAStore() =>
        store.Optional is not null
            ? []
            : Durable().Select(listener => $"The listener '{listener.Id}' of '{listener.EventType}' is durable, but there is no delivery store. "
                + "Choose one in AddCarillon: UseSqlite(\"Data Source=app.db\"), or UseInMemory() for development.");

    private IEnumerable<string> DurableEventsCanBeStored()
    {
        foreach (var eventType in setup.EventTypes)
        {
            if (Durable().FirstOrDefault(listener => listener.EventType.IsAssignableFrom(eventType.Type)) is { } listener
                && serializer.WhyNotSerializable(eventType.Type) is { } fault)
            {
                yield return $"The event '{eventType.Name}' ({eventType.Type}) cannot be stored for its durable listener '{listener.Id}': {fault}";
            }
        }
    }

    private IEnumerable<Listener> Durable() => setup.DistinctListeners().Where(listener => listener.Delivery == Delivery.Durable);
}
