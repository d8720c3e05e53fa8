using System.Globalization;
using System.Reflection;
using Carillon.Caching;
using Carillon.Caching.Internal;
using Carillon.Deliveries.Internal;
using Carillon.Dispatch;
using Carillon.Events;
using Carillon.Events.Internal;
using Carillon.EventSourcing.Internal;
using Carillon.Jobs.Internal;
using Carillon.Listeners;
using Carillon.Listeners.Internal;
using Carillon.Middleware.Internal;
using Carillon.Names.Internal;
using Carillon.Sagas;
using Carillon.Sagas.Internal;
using Carillon.Scheduling.Internal;
using Carillon.Transports.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Hosting.Internal;

/// <summary>What all calls of AddCarillon have said together. Read once, when the first dispatcher is made.</summary>
/// <remarks>
/// At start, when nothing is compiled yet, each accessor is a method more to compile, and each kind of collection some 50 microseconds to load. So these are fields where every
/// start reads them, and collections that most applications leave empty are made when something is added to them.
/// </remarks>
internal sealed partial class CarillonSetup(IServiceCollection services)
{
    internal readonly IServiceCollection Services = services;

    /// <summary>Inline listeners of which nothing needs to be known until their event is dispatched.</summary>
    internal readonly ListenerManifests Manifests = new();

    /// <summary>What is wrong already: reported with everything else when the host starts.</summary>
    internal readonly List<string> Problems = [];

    /// <summary>How many listeners were added one by one.</summary>
    internal int ListenerCount;

    /// <summary>Whether events were made known one by one.</summary>
    internal bool HasEventTypes;

    /// <summary>Whether there are listeners to which deliveries are addressed.</summary>
    internal bool HasAddressed;

    /// <summary>Whether the durable engine is among the services.</summary>
    internal bool HasEngine;

    /// <summary>What surrounds dispatches and listeners; null while nobody has asked for any.</summary>
    internal MiddlewareSetup? Middleware;

    /// <summary>What was said of dispatches; null for the defaults.</summary>
    internal DispatchOptions? DispatchOptions;

    /// <summary>What starts and stops the rest; null until the host has asked for it.</summary>
    internal CarillonHostedService? HostedService;

    /// <summary>Whether a durable dispatch outside a unit of work is an error.</summary>
    internal bool RequiresUnitOfWork;

    /// <summary>Whether dispatches are written down.</summary>
    internal bool HasTracing;

    /// <summary>Puts further providers around those of the application, or in their place; null for none.</summary>
    internal Func<IServiceProvider, IListenerProvider, IListenerProvider>? ComposeProvider;

    /// <summary>Whether an event is known by another name than its own.</summary>
    internal bool HasFormerNames;

    /// <summary>What leaves and what arrives; null in most applications.</summary>
    internal TransportSetup? Transports;

    /// <summary>Processes that take several events; null in most applications.</summary>
    internal SagaCatalog? Sagas;

    /// <summary>Which events make entries of caches stale, by the ids of their listeners; null in most applications.</summary>
    internal Dictionary<string, CacheInvalidation>? StaleEntries;

    /// <summary>Whether dispatches have spans and measures for those who want them. Not without a reason: what they are announced by takes milliseconds to make at start.</summary>
    internal bool HasTelemetry;

    /// <summary>Whether events are kept for ever.</summary>
    internal bool HasEventStore;

    /// <summary>What is built from them; null in most applications.</summary>
    internal ProjectionsSetup? Projections;

    /// <summary>Whether something runs listeners in the background.</summary>
    internal bool HasBackground;

    /// <summary>What comes back at its time, by name; null in most applications.</summary>
    internal Dictionary<string, RecurringSchedule>? Schedules;

    /// <summary>Plans of names, by the type of their payload; null in most applications.</summary>
    internal Dictionary<(string Name, Type PayloadType), GeneratedPlan>? NamedPlans;

    private Dictionary<Type, List<EventOptions>>? _eventsInCode;
    private HashSet<Type>? _subscribers;
    private int _servicesSeen;

    /// <summary>Whether there is nothing but listeners of one manifest, of which nothing has to be checked that the generator has not looked at.</summary>
    internal bool IsPlain =>
        ListenerCount == 0 && !HasEventTypes && !HasAddressed && !HasEngine && !HasBackground && !HasTracing && !HasEventStore && Projections is null && StaleEntries is null
        && Middleware is null && DispatchOptions is null && Manifests.All.Length <= 1;

    /// <summary>Every listener once, in the order of registration; those of manifests are not among them.</summary>
    internal List<Listener> Listeners => field ??= [];

    internal List<Listener> DurableListeners => field ??= [];

    /// <summary>Listeners that no event reaches by being dispatched: a delivery is addressed to them. By their ids.</summary>
    internal Dictionary<string, Listener> AddressedListeners => field ??= [];

    /// <summary>Which handler a type of job has.</summary>
    internal JobHandlers Jobs => field ??= new JobHandlers();

    /// <summary>Events of Carillon's own, which are stored and never dispatched.</summary>
    internal List<EventType> OwnEvents => field ??= [];

    /// <summary>Those that need something, say something of others, or may have been added twice: the rest is right as it is.</summary>
    internal List<Listener> ListenersToCheck => field ??= [];

    internal Dictionary<Type, EventType> EventTypes => field ??= [];

    internal Dictionary<string, EventType> EventTypesByName => field ??= [];

    internal Dictionary<Type, GeneratedPlan> Plans => field ??= [];

    /// <summary>The listener classes that it was not the application that added to the services.</summary>
    internal HashSet<Type> AddedClasses => field ??= [];

    /// <summary>The queues of which something was said.</summary>
    internal QueueNames Queues => field ??= new QueueNames();

    private Dictionary<string, Listener> ListenersById => field ??= [];

    private HashSet<Type> ServiceTypes => field ??= [];

    private HashSet<Type> ListenerClasses => field ??= [];

    /// <summary>Adds a listener, unless it is there: the same code under the same id, as by the generated code and by hand, is one listener.</summary>
    internal void AddListener(Listener listener)
    {
        if (!ListenersById.TryAdd(listener.Id, listener))
        {
            var present = ListenersById[listener.Id];
            if (present.Invoke == listener.Invoke)
            {
                return;
            }

            Problems.Add(TwoListeners.Say(listener.Id, present, listener));
        }

        if (listener.SaysDurable && DurableOnly.Fault(listener) is { } fault)
        {
            Problems.Add(fault);
        }

        Listeners.Add(listener);
        ListenerCount = Listeners.Count;
        if (listener.Dependencies.Count > 0 || listener.Handler is not null || listener.SaysMore)
        {
            ListenersToCheck.Add(listener);
        }

        if (listener.Delivery == Delivery.Durable)
        {
            DurableListeners.Add(listener);
        }
        else if (listener.Delivery == Delivery.Background)
        {
            CarillonServices.AddBackground(Services, this);
        }
    }

    /// <summary>Adds a listener of Carillon's own to which deliveries are addressed.</summary>
    internal void AddAddressed(Listener listener)
    {
        HasAddressed = true;
        AddressedListeners.TryAdd(listener.Id, listener);
    }

    /// <summary>Adds the handler of a job, unless it is there.</summary>
    internal void AddJobHandler(Listener handler)
    {
        if (TryAddAddressed(handler) && (Jobs.Add(handler) ?? DurableOnly.Fault(handler)) is { } fault)
        {
            Problems.Add(fault);
        }
    }

    /// <summary>Adds a method of a saga, unless it is there: a durable listener with the state of the saga around it.</summary>
    internal void AddSagaStep(Listener listener, SagaStep step)
    {
        Sagas ??= CarillonServices.AddSagas(Services, this);
        switch (Sagas.Add(listener, step))
        {
            case { } undoing when step.Kind == SagaStepKind.Compensate:
                TryAddAddressed(undoing);
                break;
            case { } keeping:
                AddListener(keeping);
                break;
        }
    }

    /// <summary>Adds that an event makes entries of caches stale, unless it is there, from another assembly that has the event too.</summary>
    internal void AddCacheInvalidation(CacheInvalidation invalidation)
    {
        var id = $"carillon.cache:{EventTypeOf(invalidation.EventType).Name}:{invalidation.Template}";
        if ((StaleEntries ??= []).TryAdd(id, invalidation) && invalidation.Tag is not null)
        {
            AddListener(new StaleEntries(invalidation).ToListener(id));
        }
    }

    // A durable listener of the application, unless it is there.
    private bool TryAddAddressed(Listener listener)
    {
        if (!ListenersById.TryAdd(listener.Id, listener))
        {
            if (ListenersById[listener.Id].Invoke == listener.Invoke)
            {
                return false;
            }

            Problems.Add(TwoListeners.Say(listener.Id, ListenersById[listener.Id], listener));
        }

        AddAddressed(listener);
        DurableListeners.Add(listener);
        ListenersToCheck.Add(listener);
        return true;
    }

    /// <summary>What leaves and what arrives, from now on.</summary>
    internal TransportSetup UseTransports()
    {
        if (Transports is null)
        {
            Transports = new TransportSetup();
            CarillonServices.AddTransports(Services, this);
        }

        return Transports;
    }

    /// <summary>What is built from stored events, from now on.</summary>
    internal ProjectionsSetup UseProjections() => Projections ??= new ProjectionsSetup();

    /// <summary>The listener of Carillon's own that takes the event out of the application; null if it does not leave.</summary>
    internal Listener? FindPublisher(EventType eventType) => Transports?.FindPublisher(eventType);

    internal void AddSchedule(RecurringSchedule schedule)
    {
        if (Schedules is null)
        {
            Schedules = [];
            OwnEvents.Add(ScheduleTick.EventType);
        }

        if (Schedules.TryAdd(schedule.Name, schedule))
        {
            AddAddressed(schedule.Listener);
        }
        else
        {
            Problems.Add($"Two schedules have the name '{schedule.Name}': '{Schedules[schedule.Name].Text}' and '{schedule.Text}'. Give each a name of its own.");
        }
    }

    /// <summary>Whether the subscriber is new.</summary>
    internal bool AddSubscriber(Type subscriber) => (_subscribers ??= []).Add(subscriber);

    /// <summary>The id, or the id with the first number that makes it one of its own.</summary>
    internal string FreeListenerId(string id)
    {
        var free = id;
        for (var number = 2; ListenersById.ContainsKey(free); number++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{id}-{number}");
        }

        return free;
    }

    /// <summary>The name of a listener class; for a further event that it takes with the event behind it, unless stored deliveries would name it so.</summary>
    internal string ClassListenerId(Type listenerClass, Type eventType, Delivery delivery) =>
        delivery != Delivery.Durable
        && ListenersById.TryGetValue(listenerClass.Name, out var present)
        && present.EventType != eventType
        && present.Dependencies is [{ } dependency, ..] && dependency.ServiceType == listenerClass
            ? $"{listenerClass.Name}({eventType.Name})"
            : listenerClass.Name;

    internal void AddPlan(GeneratedPlan plan)
    {
        if (plan.Name is { } name)
        {
            (NamedPlans ??= [])[(name, plan.EventType)] = plan;
        }
        else
        {
            Plans[plan.EventType] = plan;
        }
    }

    /// <summary>Whether the class has to be added to the services: the application may have done so, with a lifetime of its choice.</summary>
    internal bool AddListenerClass(Type listenerClass)
    {
        // Each service is looked at once, not once for each class: start-up is linear in the number of listeners.
        for (; _servicesSeen < Services.Count; _servicesSeen++)
        {
            if (!Services[_servicesSeen].IsKeyedService)
            {
                ServiceTypes.Add(Services[_servicesSeen].ServiceType);
            }
        }

        ListenerClasses.Add(listenerClass);
        return ServiceTypes.Add(listenerClass) && AddedClasses.Add(listenerClass);
    }

    internal bool IsListenerClass(Type type) => ListenerClasses.Contains(type);
}
