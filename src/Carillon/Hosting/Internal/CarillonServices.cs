using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Dispatch.Internal;
using Carillon.Envelopes.Internal;
using Carillon.Events.Internal;
using Carillon.Listeners;
using Carillon.Listeners.Internal;
using Carillon.Retries;
using Carillon.Transactions;
using Carillon.Transactions.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

/// <summary>What Carillon adds to an application's services, once, whatever the number of calls.</summary>
internal static class CarillonServices
{
    internal static CarillonSetup Add(IServiceCollection services)
    {
        foreach (var service in services)
        {
            if (service.ServiceType == typeof(CarillonSetup))
            {
                return (CarillonSetup)service.ImplementationInstance!;
            }
        }

        var setup = new CarillonSetup(services);
        services.AddSingleton(setup);
        services.TryAddSingleton(TimeProvider.System);
        AddDispatch(services, setup);
        AddDeliveries(services);
        services.AddHostedService(provider => new CarillonHostedService(setup, provider.GetRequiredService<StoreSlot>(), provider));
        return setup;
    }

    // The set-up is captured, not resolved: the container compiles code for a constant that it is asked for twice, in the middle of the start.
    private static void AddDispatch(IServiceCollection services, CarillonSetup setup)
    {
        services.AddSingleton(_ => new ListenerRegistry(setup.Listeners, setup.Manifests));
        services.AddSingleton<IListenerRegistry>(static provider => provider.GetRequiredService<ListenerRegistry>());
        services.AddSingleton<IListenerProvider>(static provider => provider.GetRequiredService<ListenerRegistry>());
        services.AddSingleton(_ => new EventCatalog(setup));
        services.AddSingleton(provider => new PlanTable(new PlanFactory(provider.GetServices<IListenerProvider>(), setup, provider), provider));
        services.AddSingleton<IEventDispatcherFactory, EventDispatcherFactory>();
        services.AddScoped(provider =>
        {
            var plans = provider.GetRequiredService<PlanTable>();
            return plans.IsRoot(provider) ? throw new SingletonRule(setup).Refuse() : new EventDispatcher(provider, plans);
        });
        services.AddScoped<IEventDispatcher>(static provider => provider.GetRequiredService<EventDispatcher>());
        services.AddScoped<IEventBus>(static provider => provider.GetRequiredService<EventDispatcher>());
    }

    // What an application may ask for whether or not it has a store; without one, the answer says how to get one.
    private static void AddDeliveries(IServiceCollection services)
    {
        services.AddSingleton(static provider => new StoreSlot(provider.GetService<IDeliveryStore>()));
        services.AddSingleton<IDeliveryRunner>(static provider => DurableEngine.Get<DueDeliveryRunner>(provider));
        services.AddSingleton<IDeliveries>(static provider => DurableEngine.Get<StoredDeliveries>(provider));
        services.AddScoped<IUnitOfWorkFactory>(static provider => new UnitOfWorkFactory(
            provider.GetRequiredService<EventDispatcher>(),
            provider.GetRequiredService<StoreSlot>(),
            DurableEngine.Get<HandOver>(provider),
            DurableEngine.Get<DeliveriesInHand>(provider),
            DurableEngine.Get<Loggers>(provider)));
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
        services.AddSingleton(Loggers.Of);
        services.AddSingleton<IValidateOptions<WorkerOptions>, WorkerOptionsRules>();
        services.AddSingleton<IValidateOptions<RetryOptions>, RetryOptionsRules>();
        services.AddSingleton<IValidateOptions<Envelopes.EnvelopeOptions>, EnvelopeOptionsRules>();
        services.TryAddSingleton(static _ => new JitterSource(new Random()));
        services.AddSingleton<EventSerializer>();
        services.AddSingleton<DeliveriesInHand>();
        services.AddSingleton<HandOver>();
        services.AddSingleton<DirectDeliveries>();
        services.AddSingleton<DeliveryRecorder>();
        services.AddSingleton<DeliveryWorker>();
        services.AddSingleton<AttemptRunner>();
        services.AddSingleton<AttemptLoop>();
        services.AddSingleton<SettlementWriter>();
        services.AddSingleton<Leaser>();
        services.AddSingleton<LeaseKeeper>();
        services.AddSingleton<Sweeper>();
        services.AddSingleton<DueDeliveryRunner>();
        services.AddSingleton<StoredDeliveries>();
    }
}
