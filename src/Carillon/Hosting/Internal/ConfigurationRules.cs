using Carillon.Deliveries.Internal;
using Carillon.Envelopes.Internal;
using Carillon.Events;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Hosting.Internal;

/// <summary>Everything that can be wrong with an application's listeners and events before the first one is dispatched.</summary>
internal sealed class ConfigurationRules(
    CarillonSetup setup, StoreSlot store, SingletonRule singletons, IServiceProvider services)
{
    private readonly Listener[] _durable = [.. setup.DistinctListeners().Where(listener => listener.Delivery == Delivery.Durable)];

    /// <summary>Whether anything here can be stored, or is meant to be.</summary>
    internal bool ConcernsDeliveries => store.Optional is not null || _durable.Length > 0;

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
    internal IEnumerable<string> FindDuplicates()
    {
        var lambdas = setup.Listeners.Where(listener => listener.Handler is not null).ToArray();
        return lambdas.Length < 2 ? [] : FindDuplicates(lambdas);
    }

    private static IEnumerable<string> FindDuplicates(Listener[] lambdas) =>
        lambdas
            .GroupBy(listener => (listener.Handler, listener.EventType))
            .Where(same => same.Count() > 1)
            .Select(same => $"One lambda listens to '{same.Key.EventType}' {same.Count()} times, as {string.Join(" and ", same.Select(listener => $"'{listener.Id}'"))}, and runs as often.");

    private IEnumerable<string> OneListenerAnId() =>
        Repeated(setup.DistinctListeners(), listener => listener.Id)
            .Select(same => $"{same.Count()} listeners have the id '{same.Key}', of {string.Join(" and of ", same.Select(listener => $"'{listener.EventType}'"))}. "
                + "Give each an id of its own, with [OnEvent(Id = \"...\")] or ListenOptions.Id.");

    private IEnumerable<string> OneEventAName() =>
        Repeated(setup.EventTypes, eventType => eventType.Name)
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
            foreach (var dependency in listener.Dependencies)
            {
                if (IsRegistered(dependency, registered))
                {
                    continue;
                }

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
            : _durable.Select(listener => $"The listener '{listener.Id}' of '{listener.EventType}' is durable, but there is no delivery store. "
                + "Choose one in AddCarillon: UseSqlite(\"Data Source=app.db\"), or UseInMemory() for development.");

    private IEnumerable<string> DurableEventsCanBeStored()
    {
        if (_durable.Length == 0)
        {
            // Nothing of JSON is loaded for an application that stores nothing.
            yield break;
        }

        var serializer = services.GetRequiredService<EventSerializer>();
        foreach (var eventType in setup.EventTypes)
        {
            if (_durable.FirstOrDefault(listener => listener.EventType.IsAssignableFrom(eventType.Type)) is { } listener
                && serializer.WhyNotSerializable(eventType.Type) is { } fault)
            {
                yield return $"The event '{eventType.Name}' ({eventType.Type}) cannot be stored for its durable listener '{listener.Id}': {fault}";
            }
        }
    }

    // Filling a set is quicker than making groups, and there is hardly ever anything to say.
    private static IEnumerable<IGrouping<string, T>> Repeated<T>(IReadOnlyCollection<T> all, Func<T, string> key)
    {
        var seen = new HashSet<string>(all.Count);
        return all.All(one => seen.Add(key(one))) ? [] : all.GroupBy(key).Where(same => same.Count() > 1);
    }
}
