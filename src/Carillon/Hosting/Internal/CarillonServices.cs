using Carillon.Background;
using Carillon.Background.Internal;
using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Dispatch.Internal;
using Carillon.Envelopes.Internal;
using Carillon.Events.Internal;
using Carillon.EventSourcing;
using Carillon.EventSourcing.Internal;
using Carillon.Jobs;
using Carillon.Jobs.Internal;
using Carillon.Listeners;
using Carillon.Listeners.Internal;
using Carillon.Retries;
using Carillon.Sagas;
using Carillon.Sagas.Internal;
using Carillon.Scheduling;
using Carillon.Scheduling.Internal;
using Carillon.Transactions;
using Carillon.Transactions.Internal;
using Carillon.Transports;
using Carillon.Transports.Internal;
using Carillon.Waiting.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ListenersAtStart = Carillon.Listeners.Internal.Listeners;

namespace Carillon.Hosting.Internal;

/// <summary>What Carillon adds to an application's services, once, whatever the number of calls.</summary>
internal static class CarillonServices
{
    internal static CarillonSetup Add(IServiceCollection services)
    {
        if (Find(services, typeof(CarillonSetup), from: 0) is var present and >= 0)
        {
            return (CarillonSetup)services[present].ImplementationFactory!.Target!;
        }

        var setup = new CarillonSetup(services);
        Add(services, ServiceLifetime.Singleton, typeof(CarillonSetup), setup.Itself);
        if (Find(services, typeof(TimeProvider), from: 0) < 0)
        {
            Add(services, ServiceLifetime.Singleton, typeof(TimeProvider), SystemTime);
        }

        AddDispatch(services, setup);
        AddDeliveries(services);
        Add(services, ServiceLifetime.Singleton, typeof(IHostedService), setup.CreateHostedService);
        Add(services, ServiceLifetime.Singleton, typeof(ICarillonHealth), setup.CreateHealth);
        return setup;
    }

    // The set-up is bound to what makes a service, not resolved: the container compiles code for a constant that it is asked for twice, in the middle of the start. Named
    // methods, since lambdas have classes of their own to load, each with a constructor to compile; and most return an object, since what a method returns is loaded with a
    // delegate to it if the delegate returns something else.
    private static void AddDispatch(IServiceCollection services, CarillonSetup setup)
    {
        Add(services, ServiceLifetime.Singleton, typeof(ListenerRegistry), setup.CreateRegistry);
        Add(services, ServiceLifetime.Singleton, typeof(IListenerRegistry), FindRegistry);
        Add(services, ServiceLifetime.Singleton, typeof(IListenerProvider), FindRegistry);
        Add(services, ServiceLifetime.Singleton, typeof(IListenerDirectory), setup.CreateDirectory);
        Add(services, ServiceLifetime.Singleton, typeof(IEventWaiter), CreateWaiter);
        Add(services, ServiceLifetime.Singleton, typeof(EventCatalog), setup.CreateCatalog);
        Add(services, ServiceLifetime.Singleton, typeof(PlanTable), setup.CreatePlans);
        Add(services, ServiceLifetime.Singleton, typeof(IEventDispatcherFactory), CreateDispatcherFactory);
        Add(services, ServiceLifetime.Scoped, typeof(EventDispatcher), setup.CreateDispatcher);
        Add(services, ServiceLifetime.Scoped, typeof(IEventDispatcher), FindDispatcher);
        Add(services, ServiceLifetime.Scoped, typeof(IEventBus), FindDispatcher);
    }

    private static ProjectionsSetup CreateProjections(this CarillonSetup setup, IServiceProvider provider) => setup.UseProjections();

    private static CarillonSetup Itself(this CarillonSetup setup, IServiceProvider provider) => setup;

    private static TimeProvider SystemTime(IServiceProvider provider) => TimeProvider.System;

    private static CarillonHostedService CreateHostedService(this CarillonSetup setup, IServiceProvider provider) => setup.HostedService = new(setup, provider);

    private static CarillonHealth CreateHealth(this CarillonSetup setup, IServiceProvider provider) => new(setup, provider);

    private static ListenerRegistry CreateRegistry(this CarillonSetup setup, IServiceProvider provider) =>
        setup.ListenerCount > 0 || setup.HasAddressed
            ? CreateFullRegistry(setup, provider)
            : new ListenerRegistry(new ListenersAtStart(setup.Manifests), setup.Manifests, provider, setup.HasBackground);

    private static ListenerRegistry CreateFullRegistry(CarillonSetup setup, IServiceProvider provider)
    {
        var listeners = new ListenersAtStart(setup.Manifests);
        listeners.Add(setup.Listeners);
        return new ListenerRegistry(listeners, setup.Manifests, provider, setup.HasBackground) { Addressed = setup.AddressedListeners };
    }

    private static ListenerRegistry FindRegistry(IServiceProvider provider) => provider.GetRequiredService<ListenerRegistry>();

    private static object CreateDirectory(this CarillonSetup setup, IServiceProvider provider) => new ListenerDirectory(Providers(setup, provider), setup);

    private static object CreateWaiter(IServiceProvider provider) => new EventWaiter(FindRegistry(provider), provider.GetRequiredService<TimeProvider>());

    private static object CreateCatalog(this CarillonSetup setup, IServiceProvider provider) => new EventCatalog(setup);

    private static PlanTable CreatePlans(this CarillonSetup setup, IServiceProvider provider) =>
        new(new PlanFactory(Providers(setup, provider), setup, provider), provider, setup.HasTelemetry ? provider.GetRequiredService<DispatchObserver>() : null);

    private static object CreateDispatcherFactory(IServiceProvider provider) => new EventDispatcherFactory(provider.GetRequiredService<IServiceScopeFactory>());

    private static EventDispatcher CreateDispatcher(this CarillonSetup setup, IServiceProvider provider)
    {
        var plans = provider.GetRequiredService<PlanTable>();
        return plans.Root == provider ? throw Refuse(setup) : new EventDispatcher(provider, plans.ForScope);
    }

    private static CarillonException Refuse(CarillonSetup setup) => new SingletonRule(setup).Refuse();

    private static EventDispatcher FindDispatcher(IServiceProvider provider)
    {
        if (!StackMargin.IsLeft())
        {
            throw StackMargin.Refuse();
        }

        return provider.GetRequiredService<EventDispatcher>();
    }

    // The built-in one by itself is asked for by its name: putting one service into a list costs the container a good part of a millisecond at start.
    private static IListenerProvider[] Providers(CarillonSetup setup, IServiceProvider provider)
    {
        var first = Find(setup.Services, typeof(IListenerProvider), from: 0);
        return setup.ComposeProvider is null && first >= 0 && Find(setup.Services, typeof(IListenerProvider), first + 1) < 0
            ? [FindRegistry(provider)]
            : AllProviders(setup, provider);
    }

    private static IListenerProvider[] AllProviders(CarillonSetup setup, IServiceProvider provider) =>
        setup.ComposeProvider is null ? [.. provider.GetServices<IListenerProvider>()] : [provider.GetRequiredService<ComposedProvider>()];

    // The place of the first registration of a type from there on; -1 if there is none.
    private static int Find(IServiceCollection services, Type type, int from)
    {
        for (var place = from; place < services.Count; place++)
        {
            if (services[place].ServiceType == type)
            {
                return place;
            }
        }

        return -1;
    }

    // One form of registration for everything: each generic one that is new would be compiled at start.
    private static void Add(IServiceCollection services, ServiceLifetime lifetime, Type type, Func<IServiceProvider, object> create) =>
        services.Add(new ServiceDescriptor(type, create, lifetime));

    // What an application may ask for whether or not it has a store; without one, the answer says how to get one.
    private static void AddDeliveries(IServiceCollection services)
    {
        Add(services, ServiceLifetime.Singleton, typeof(StoreSlot), CreateStoreSlot);
        Add(services, ServiceLifetime.Singleton, typeof(IDeliveryRunner), FindRunner);
        Add(services, ServiceLifetime.Singleton, typeof(IDeliveries), FindDeliveries);
        Add(services, ServiceLifetime.Singleton, typeof(WorkDeliveries), CreateWorkDeliveries);
        Add(services, ServiceLifetime.Singleton, typeof(AmbientWork), CreateAmbientWork);
        Add(services, ServiceLifetime.Scoped, typeof(IJobs), FindJobs);
        Add(services, ServiceLifetime.Singleton, typeof(ISchedules), FindSchedules);
        Add(services, ServiceLifetime.Scoped, typeof(IEventScheduler), FindScheduler);
        Add(services, ServiceLifetime.Singleton, typeof(ISagas), FindSagas);
        Add(services, ServiceLifetime.Scoped, typeof(IUnitOfWorkFactory), CreateUnitOfWorkFactory);
    }

    private static StoreSlot CreateStoreSlot(IServiceProvider provider) => new(provider.GetService<IDeliveryStore>());

    private static object FindRunner(IServiceProvider provider) => DurableEngine.Get<DueDeliveryRunner>(provider);

    private static object FindDeliveries(IServiceProvider provider) => DurableEngine.Get<StoredDeliveries>(provider);

    private static object FindJobs(IServiceProvider provider) => DurableEngine.Get<StoredJobs>(provider);

    private static object FindSchedules(IServiceProvider provider) => DurableEngine.Get<StoredSchedules>(provider);

    private static object FindScheduler(IServiceProvider provider) => DurableEngine.Get<EventScheduler>(provider);

    private static StoredSagas FindSagas(IServiceProvider provider) => DurableEngine.Get<StoredSagas>(provider);

    private static WorkDeliveries CreateWorkDeliveries(IServiceProvider provider) => new(
        provider.GetRequiredService<StoreSlot>(),
        provider.GetService<HandOver>(),
        Loggers.Of(provider).Deliveries);

    private static AmbientWork CreateAmbientWork(IServiceProvider provider) => new(
        provider.GetRequiredService<StoreSlot>(),
        provider.GetRequiredService<WorkDeliveries>());

    private static object CreateUnitOfWorkFactory(IServiceProvider provider) => new UnitOfWorkFactory(
        provider.GetRequiredService<EventDispatcher>(),
        provider.GetRequiredService<WorkDeliveries>(),
        provider.GetRequiredService<AmbientWork>());

    /// <summary>Adds what runs listeners in the background, once: with the first such listener, or when something is said of it.</summary>
    internal static void AddBackground(IServiceCollection services, CarillonSetup setup)
    {
        if (setup.HasBackground)
        {
            return;
        }

        setup.HasBackground = true;
        services.AddOptions();
        services.TryAddSingleton(Loggers.Of);
        services.AddSingleton<IValidateOptions<BackgroundOptions>, BackgroundOptionsRules>();
        services.AddSingleton<BackgroundQueue>();
        services.AddSingleton<BackgroundRunner>();
        services.AddSingleton<BackgroundListeners>();
        services.AddSingleton<IBackgroundListeners>(BackgroundEngine.Get);
    }

    /// <summary>Adds spans and measures, once: with the durable engine, or when they are asked for.</summary>
    internal static void AddTelemetry(IServiceCollection services, CarillonSetup setup)
    {
        if (setup.HasTelemetry)
        {
            return;
        }

        setup.HasTelemetry = true;
        services.AddSingleton(Instruments.Of);
        services.AddSingleton<DispatchObserver>();
    }

    private static void AddScheduling(IServiceCollection services, CarillonSetup setup)
    {
        setup.AddAddressed(DueEvent.Listener);
        services.AddSingleton<ScopeDeliveries>();
        services.AddSingleton<JobDeliveries>();
        services.AddScoped<StoredJobs>();
        services.AddSingleton<ScheduleDeliveries>();
        services.AddSingleton<TickRunner>();
        services.AddSingleton<TickStore>();
        services.AddSingleton<ScheduleKeeper>();
        services.AddSingleton<StoredSchedules>();
        services.AddScoped<EventScheduler>();
    }

    /// <summary>Adds what runs sagas, once: with the first method of one.</summary>
    internal static SagaCatalog AddSagas(IServiceCollection services, CarillonSetup setup)
    {
        var sagas = new SagaCatalog();
        setup.OwnEvents.Add(SagaCatalog.CompensationType);
        setup.OwnEvents.Add(TimeOutsToCancel.EventType);
        setup.AddAddressed(TimeOutCanceller.Listener);
        services.AddSingleton(sagas);
        services.AddSingleton<SagaStates>();
        services.AddSingleton<SagaMetrics>();
        services.AddSingleton<SagaDeliveries>();
        services.AddSingleton<SagaRunner>();
        services.AddSingleton<TimeOutCanceller>();
        return sagas;
    }

    /// <summary>Adds what carries events out of the application and into it.</summary>
    internal static void AddTransports(IServiceCollection services, CarillonSetup setup)
    {
        AddEngine(services, setup);
        setup.AddAddressed(Publisher.Unordered);
        setup.Queues.Add(Publisher.QueueName);
        services.PostConfigure<QueueOptions>(Publisher.QueueName, static queue => queue.MaxConcurrency ??= Publisher.DefaultWindow);
        services.AddSingleton<IValidateOptions<TransportOptions>, TransportOptionsRules>();
        services.AddSingleton(provider => new TransportSlot(provider.GetService<ITransport>()));
        services.AddSingleton<EventSource>();
        services.AddSingleton<Publisher>();
        services.AddSingleton<ArrivingEvents>();
        services.AddSingleton<SeenEvents>();
        services.AddSingleton<TransportWork>();
        services.AddSingleton<IEventReceiver, EventReceiver>();
    }

    /// <summary>Adds the event store, once.</summary>
    internal static void AddEventStore(IServiceCollection services, CarillonSetup setup)
    {
        if (setup.HasEventStore)
        {
            return;
        }

        setup.HasEventStore = true;
        AddEngine(services, setup);
        services.AddSingleton<StreamSlot>();
        services.AddSingleton<EventReading>();
        services.AddSingleton<StoredSnapshots>();
        services.AddSingleton<AppendSignal>();
        services.AddScoped<EventStore>();
        services.AddScoped<IEventStore>(static provider => provider.GetRequiredService<EventStore>());
        services.AddSingleton<IValidateOptions<EventStoreOptions>, EventStoreOptionsRules>();
        services.AddSingleton<ProjectionBatch>();
        services.AddSingleton<ProjectionParts>();
        services.AddSingleton<ProjectionGauges>();
        services.AddSingleton<ProjectionWork>();
        services.AddSingleton(setup.CreateProjections);
        services.AddSingleton<IProjections, StoredProjections>();
        services.AddScoped(static _ => new ProjectionRun());
    }

    /// <summary>Adds the durable engine, once: when a store is chosen, or something is said of the engine.</summary>
    internal static void AddEngine(IServiceCollection services, CarillonSetup setup)
    {
        if (setup.HasEngine)
        {
            return;
        }

        setup.HasEngine = true;
        AddTelemetry(services, setup);
        services.AddSingleton<DeliveryMetrics>();
        services.AddSingleton<QueueGauges>();
        services.AddSingleton<AttemptObserver>();
        services.AddOptions();
        services.TryAddSingleton(Loggers.Of);
        services.AddSingleton<IValidateOptions<WorkerOptions>, WorkerOptionsRules>();
        services.AddSingleton<IValidateOptions<QueueOptions>, QueueOptionsRules>();
        services.AddSingleton<IValidateOptions<RetryOptions>, RetryOptionsRules>();
        services.AddSingleton<IValidateOptions<Envelopes.EnvelopeOptions>, EnvelopeOptionsRules>();
        services.AddSingleton(static provider => new JitterSource(provider.GetRequiredService<IOptions<RetryOptions>>().Value.Random ?? new Random().NextDouble));
        services.AddSingleton<Upcasting>();
        services.AddSingleton<EventSerializer>();
        services.AddSingleton<NewerVersions>();
        services.AddSingleton<ForeignListeners>();
        services.AddSingleton(setup.Queues);
        services.AddSingleton<DeliveriesInHand>();
        services.AddSingleton<HandOver>();
        services.AddSingleton<DirectDeliveries>();
        services.AddSingleton(provider => new UnitOfWorkRule(setup.RequiresUnitOfWork, provider.GetRequiredService<StoreSlot>()));
        services.AddSingleton<DeliveryRecorder>();
        services.AddSingleton<DeliveryWorker>();
        services.AddSingleton<AttemptPlans>();
        services.AddSingleton<AttemptOutcomes>();
        services.AddSingleton<ListenerTransactions>();
        services.AddSingleton<ListenerCaller>();
        services.AddSingleton<RememberedEvents>();
        services.AddSingleton<AttemptRunner>();
        services.AddSingleton<DueClock>();
        services.AddSingleton<PauseWatch>();
        services.AddSingleton<DeliveryPages>();
        services.AddSingleton<AttemptLoop>();
        services.AddSingleton<JointSettlement>();
        services.AddSingleton<SettlementWriter>();
        services.AddSingleton<Leaser>();
        services.AddSingleton<LeaseKeeper>();
        services.AddSingleton<Sweeper>();
        services.AddSingleton<DueDeliveryRunner>();
        services.AddSingleton<StoredDeliveries>();
        services.AddSingleton<SagaStoreSlot>();
        services.AddSingleton<StoredSagas>();
        AddScheduling(services, setup);
    }
}
