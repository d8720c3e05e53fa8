using Carillon.Background;
using Carillon.Background.Internal;
using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Dispatch.Internal;
using Carillon.Envelopes.Internal;
using Carillon.Events.Internal;
using Carillon.Jobs;
using Carillon.Jobs.Internal;
using Carillon.Listeners;
using Carillon.Listeners.Internal;
using Carillon.Retries;
using Carillon.Scheduling;
using Carillon.Scheduling.Internal;
using Carillon.Transactions;
using Carillon.Transactions.Internal;
using Carillon.Waiting.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

/// <summary>What Carillon adds to an application's services, once, whatever the number of calls.</summary>
internal static class CarillonServices
{
    internal static CarillonSetup Add(IServiceCollection services)
    {
        var hasTime = false;
        foreach (var service in services)
        {
            if (service.ServiceType == typeof(CarillonSetup))
            {
                return (CarillonSetup)service.ImplementationInstance!;
            }

            hasTime |= service.ServiceType == typeof(TimeProvider);
        }

        var setup = new CarillonSetup(services);
        services.Add(new ServiceDescriptor(typeof(CarillonSetup), setup));
        if (!hasTime)
        {
            AddSingleton(services, typeof(TimeProvider), static _ => TimeProvider.System);
        }

        AddDispatch(services, setup);
        AddDeliveries(services);
        AddSingleton(services, typeof(IHostedService), provider => new CarillonHostedService(setup, provider));
        return setup;
    }

    // The set-up is captured, not resolved: the container compiles code for a constant that it is asked for twice, in the middle of the start.
    private static void AddDispatch(IServiceCollection services, CarillonSetup setup)
    {
        AddSingleton(services, typeof(ListenerRegistry), provider => new ListenerRegistry(setup.Listeners, setup.Manifests, provider, setup.HasBackground) { Addressed = setup.AddressedListeners });
        AddSingleton(services, typeof(IListenerRegistry), static provider => provider.GetRequiredService<ListenerRegistry>());
        AddSingleton(services, typeof(IListenerProvider), static provider => provider.GetRequiredService<ListenerRegistry>());
        AddSingleton(services, typeof(IListenerDirectory), provider => new ListenerDirectory(Providers(services, setup, provider), setup));
        AddSingleton(services, typeof(IEventWaiter), static provider => new EventWaiter(
            provider.GetRequiredService<ListenerRegistry>(), provider.GetRequiredService<TimeProvider>()));
        AddSingleton(services, typeof(EventCatalog), _ => new EventCatalog(setup));
        AddSingleton(services, typeof(PlanTable), provider => new PlanTable(new PlanFactory(Providers(services, setup, provider), setup, provider), provider));
        services.Add(new ServiceDescriptor(typeof(IEventDispatcherFactory), typeof(EventDispatcherFactory), ServiceLifetime.Singleton));
        AddScoped(services, typeof(EventDispatcher), provider =>
        {
            var plans = provider.GetRequiredService<PlanTable>();
            return plans.Root == provider ? throw new SingletonRule(setup).Refuse() : new EventDispatcher(provider, plans);
        });
        AddScoped(services, typeof(IEventDispatcher), FindDispatcher);
        AddScoped(services, typeof(IEventBus), FindDispatcher);
    }

    private static EventDispatcher FindDispatcher(IServiceProvider provider)
    {
        StackMargin.Ensure();
        return provider.GetRequiredService<EventDispatcher>();
    }

    // The built-in one by itself is asked for by its name: putting one service into a list costs the container a good part of a millisecond at start.
    private static IListenerProvider[] Providers(IServiceCollection services, CarillonSetup setup, IServiceProvider provider)
    {
        if (setup.ComposeProvider is not null)
        {
            return [provider.GetRequiredService<ComposedProvider>()];
        }

        var count = 0;
        foreach (var service in services)
        {
            count += service.ServiceType == typeof(IListenerProvider) ? 1 : 0;
        }

        return count == 1 ? [provider.GetRequiredService<ListenerRegistry>()] : AllProviders(provider);
    }

    private static IListenerProvider[] AllProviders(IServiceProvider provider) => [.. provider.GetServices<IListenerProvider>()];

    // One form of registration for everything: each generic one that is new would be compiled at start.
    private static void AddSingleton(IServiceCollection services, Type type, Func<IServiceProvider, object> create) =>
        services.Add(new ServiceDescriptor(type, create, ServiceLifetime.Singleton));

    private static void AddScoped(IServiceCollection services, Type type, Func<IServiceProvider, object> create) =>
        services.Add(new ServiceDescriptor(type, create, ServiceLifetime.Scoped));

    // What an application may ask for whether or not it has a store; without one, the answer says how to get one.
    private static void AddDeliveries(IServiceCollection services)
    {
        AddSingleton(services, typeof(StoreSlot), static provider => new StoreSlot(provider.GetService<IDeliveryStore>()));
        AddSingleton(services, typeof(IDeliveryRunner), static provider => DurableEngine.Get<DueDeliveryRunner>(provider));
        AddSingleton(services, typeof(IDeliveries), static provider => DurableEngine.Get<StoredDeliveries>(provider));
        AddScoped(services, typeof(IJobs), static provider => DurableEngine.Get<StoredJobs>(provider));
        AddSingleton(services, typeof(ISchedules), static provider => DurableEngine.Get<StoredSchedules>(provider));
        AddScoped(services, typeof(IEventScheduler), static provider => DurableEngine.Get<EventScheduler>(provider));
        AddScoped(services, typeof(IUnitOfWorkFactory), static provider => new UnitOfWorkFactory(
            provider.GetRequiredService<EventDispatcher>(),
            provider.GetRequiredService<StoreSlot>(),
            DurableEngine.Get<HandOver>(provider),
            DurableEngine.Get<Loggers>(provider)));
    }

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

    /// <summary>Adds the durable engine, once: when a store is chosen, or something is said of the engine.</summary>
    internal static void AddEngine(IServiceCollection services, CarillonSetup setup)
    {
        if (setup.HasEngine)
        {
            return;
        }

        setup.HasEngine = true;
        services.AddOptions();
        services.TryAddSingleton(Loggers.Of);
        services.AddSingleton<IValidateOptions<WorkerOptions>, WorkerOptionsRules>();
        services.AddSingleton<IValidateOptions<QueueOptions>, QueueOptionsRules>();
        services.AddSingleton<IValidateOptions<RetryOptions>, RetryOptionsRules>();
        services.AddSingleton<IValidateOptions<Envelopes.EnvelopeOptions>, EnvelopeOptionsRules>();
        services.TryAddSingleton(static _ => new JitterSource(new Random()));
        services.AddSingleton<Upcasting>();
        services.AddSingleton<EventSerializer>();
        services.AddSingleton<NewerVersions>();
        services.AddSingleton(setup.Queues);
        services.AddSingleton<DeliveriesInHand>();
        services.AddSingleton<HandOver>();
        services.AddSingleton<DirectDeliveries>();
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
        AddScheduling(services, setup);
    }
}
