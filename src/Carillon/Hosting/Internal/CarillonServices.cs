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
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

/// <summary>What Carillon adds to an application's services, once, whatever the number of calls.</summary>
internal static class CarillonServices
{
    internal static CarillonSetup Add(IServiceCollection services)
    {
        if (services.FirstOrDefault(service => service.ServiceType == typeof(CarillonSetup))?.ImplementationInstance is CarillonSetup present)
        {
            return present;
        }

        var setup = new CarillonSetup(services);
        services.AddSingleton(setup);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(static provider => new Loggers(provider.GetService<ILoggerFactory>()));
        AddOptions(services);
        AddDispatch(services);
        AddDeliveries(services);
        services.AddSingleton<SingletonRule>();
        services.AddSingleton<ConfigurationRules>();
        // Checks come first: hosted services start in the order of their registration.
        services.AddHostedService<StartupCheck>();
        services.AddSingleton<DeliveryWorker>();
        services.AddHostedService<WorkerService>();
        return setup;
    }

    private static void AddOptions(IServiceCollection services)
    {
        services.AddOptions();
        services.AddSingleton<IValidateOptions<WorkerOptions>, WorkerOptionsRules>();
        services.AddSingleton<IValidateOptions<RetryOptions>, RetryOptionsRules>();
        services.AddSingleton<IValidateOptions<Envelopes.EnvelopeOptions>, EnvelopeOptionsRules>();
    }

    private static void AddDispatch(IServiceCollection services)
    {
        services.AddSingleton(static provider => new ListenerRegistry(provider.GetRequiredService<CarillonSetup>().Listeners));
        services.AddSingleton<IListenerRegistry>(static provider => provider.GetRequiredService<ListenerRegistry>());
        services.AddSingleton<IListenerProvider>(static provider => provider.GetRequiredService<ListenerRegistry>());
        services.AddSingleton<EventCatalog>();
        services.AddSingleton<PlanFactory>();
        services.AddSingleton<PlanTable>();
        services.AddSingleton<IEventDispatcherFactory, EventDispatcherFactory>();
        services.AddSingleton(static provider => new RootServices(provider));
        services.AddScoped(static provider =>
        {
            provider.GetRequiredService<RootServices>().RefuseIfRoot(provider);
            return new EventDispatcher(provider, provider.GetRequiredService<PlanTable>());
        });
        services.AddScoped<IEventDispatcher>(static provider => provider.GetRequiredService<EventDispatcher>());
        services.AddScoped<IEventBus>(static provider => provider.GetRequiredService<EventDispatcher>());
    }

    private static void AddDeliveries(IServiceCollection services)
    {
        services.AddSingleton(static provider => new StoreSlot(provider.GetService<IDeliveryStore>()));
        services.TryAddSingleton(static _ => new JitterSource(new Random()));
        services.AddSingleton<EventSerializer>();
        services.AddSingleton<DeliveriesInHand>();
        services.AddSingleton<HandOver>();
        services.AddSingleton<DirectDeliveries>();
        services.AddSingleton<DeliveryRecorder>();
        services.AddSingleton<AttemptRunner>();
        services.AddSingleton<AttemptLoop>();
        services.AddSingleton<SettlementWriter>();
        services.AddSingleton<Leaser>();
        services.AddSingleton<LeaseKeeper>();
        services.AddSingleton<Sweeper>();
        services.AddSingleton<IDeliveryRunner, DueDeliveryRunner>();
        services.AddSingleton<IDeliveries, StoredDeliveries>();
        services.AddScoped<IUnitOfWorkFactory>(static provider => new UnitOfWorkFactory(
            provider.GetRequiredService<EventDispatcher>(),
            provider.GetRequiredService<StoreSlot>(),
            provider.GetRequiredService<HandOver>(),
            provider.GetRequiredService<DeliveriesInHand>()));
    }
}
