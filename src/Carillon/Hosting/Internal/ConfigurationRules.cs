using Carillon.Deliveries.Internal;
using Carillon.Envelopes.Internal;
using Carillon.Events;
using Carillon.Listeners;
using Carillon.Listeners.Internal;
using Carillon.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Hosting.Internal;

/// <summary>Everything that can be wrong with an application's listeners and events before the first one is dispatched.</summary>
/// <remarks>Runs at every start: plain loops, and nothing of the durable engine is touched while no listener is durable.</remarks>
internal sealed class ConfigurationRules(CarillonSetup setup, IServiceProvider services)
{
    internal List<string> FindProblems()
    {
        var problems = new List<string>(setup.Problems);
        if (!setup.IsPlain)
        {
            CheckAll(problems);
        }

        new SingletonRule(setup).Check(problems);
        return problems;
    }

    private void CheckAll(List<string> problems)
    {
        if (setup.HasEventStore || setup.Projections is not null)
        {
            new EventStoreRules(setup, services).Check(problems);
        }

        if (setup.ListenersToCheck.Count > 0)
        {
            CheckDependencies(problems);
            ListenerRules.Check(setup, problems);
        }

        if (setup.Transports is { } transports)
        {
            new TransportRules(setup, transports, services).Check(problems);
        }

        if (setup.DurableListeners.Count > 0 || setup.Transports is not null)
        {
            CheckStore(problems);
            DurableNameRule.Check(setup, problems);
            if (setup.HasEngine)
            {
                CheckDurableEvents(problems);
                if (services.GetRequiredService<StoreSlot>().Optional is { } store)
                {
                    new DurableRules(setup, store, services).Check(problems);
                }
            }
        }

        if (setup.HasFormerNames)
        {
            FormerNameRule.Check(setup, problems);
        }

        if (setup.Manifests.All.Length > 1 || (setup.Manifests.All.Length == 1 && (setup.HasEventTypes || setup.ListenerCount > 0)))
        {
            new ManifestRule(setup).Check(problems);
        }

        if (setup.Middleware is { } middleware)
        {
            new MiddlewareRule(setup, middleware, services).Check(problems);
        }

        JobRules.Check(setup, problems);
        if (setup.Schedules is not null)
        {
            new ScheduleRules(setup, services).Check(problems);
        }

        if (setup.Sagas is { } sagas)
        {
            new SagaRules(setup, sagas, services).Check(problems);
        }

        if (setup.StaleEntries is { } invalidations)
        {
            CacheRules.Check(invalidations.Values, services, problems);
        }

        if (setup.DispatchOptions is { } dispatch)
        {
            DispatchOptionsRule.Check(dispatch, problems);
        }
    }

    /// <summary>What is allowed but hardly meant.</summary>
    internal List<string> FindDuplicates()
    {
        var duplicates = new List<string>();
        Dictionary<Delegate, Listener>? seen = null;
        foreach (var listener in setup.ListenersToCheck)
        {
            if (listener.Handler is { } handler && !(seen ??= []).TryAdd(handler, listener) && (seen[handler].EventType, seen[handler].Pattern) == (listener.EventType, listener.Pattern))
            {
                duplicates.Add($"One lambda listens to '{listener.EventType}' twice, as '{seen[handler].Id}' and as '{listener.Id}', and runs as often.");
            }
        }

        return duplicates;
    }

    private void CheckDependencies(List<string> problems)
    {
        // Another container may not be able to tell; then the first dispatch does.
        if (services.GetService<IServiceProviderIsService>() is not { } registered)
        {
            return;
        }

        foreach (var listener in setup.ListenersToCheck)
        {
            foreach (var dependency in listener.Dependencies)
            {
                if (!setup.AddedClasses.Contains(dependency.ServiceType) && !IsRegistered(dependency, registered))
                {
                    var key = dependency.Key is null ? "" : $" with the key '{dependency.Key}'";
                    problems.Add(
                        $"The listener '{listener.Id}' of '{listener.EventType}' needs '{dependency.ServiceType}'{key}, which is not registered. "
                        + "Add it to the services, or make the parameter optional.");
                }
            }
        }

        new ConstructorRule(setup, registered).Check(problems);
    }

    private static bool IsRegistered(ListenerDependency dependency, IServiceProviderIsService registered) =>
        dependency.Key is null
            ? registered.IsService(dependency.ServiceType)
            : registered is not IServiceProviderIsKeyedService keyed || keyed.IsKeyedService(dependency.ServiceType, dependency.Key);

    private void CheckStore(List<string> problems)
    {
        if (services.GetRequiredService<StoreSlot>().Optional is not null)
        {
            return;
        }

        foreach (var listener in setup.DurableListeners)
        {
            problems.Add(
                $"The listener '{listener.Id}' of '{listener.EventType}' is durable, but there is no delivery store. "
                + "Choose one in AddCarillon: UseSqlite(\"Data Source=app.db\"), or UseInMemory() for development.");
        }
    }

    private void CheckDurableEvents(List<string> problems)
    {
        var serializer = services.GetRequiredService<EventSerializer>();
        var durable = new List<EventType>();
        foreach (var eventType in setup.AllEventTypes())
        {
            if (FindDurableListener(eventType) is not { } listener)
            {
                continue;
            }

            // A rule of its own refuses a durable listener of what comes before an operation; about its JSON nobody could do anything.
            if (eventType.Type.IsAssignableTo(typeof(BeforeOperation)))
            {
                continue;
            }

            durable.Add(eventType);
            if (eventType.Type.IsAssignableTo(typeof(ILifecycleEvent)) && serializer.FindFaults(eventType.Type).Count > 0)
            {
                problems.Add(
                    $"The listener '{listener.Id}' of '{listener.EventType}' is durable, but '{eventType.Name}' carries what lives in this process only, and cannot be stored. "
                    + "Make the listener inline, and dispatch an event of your own from it for a durable one.");
                continue;
            }

            foreach (var fault in serializer.FindFaults(eventType.Type))
            {
                if (!fault.IsLoss)
                {
                    problems.Add($"The event '{eventType.Name}' ({eventType.Type}) cannot be stored for its durable listener '{listener.Id}': {fault.Text}");
                }
                else if (!eventType.AcceptsLoss)
                {
                    problems.Add(
                        $"The event '{eventType.Name}' ({eventType.Type}) would not reach its durable listener '{listener.Id}' as it was dispatched: {fault.Text} "
                        + $"To do without what is lost: AddEvent<{eventType.Type.Name}>(e => e.AcceptsLoss = true).");
                }
            }
        }

        var steps = services.GetServices<UpcastStep>().ToList();
        new VersionRule(setup, steps, services.GetRequiredService<Upcasting>()).Check(durable, problems);
    }

    private Listener? FindDurableListener(EventType eventType) =>
        setup.DurableListeners.Find(listener => ListenerPattern.Takes(listener, eventType)) ?? setup.FindPublisher(eventType);
}
