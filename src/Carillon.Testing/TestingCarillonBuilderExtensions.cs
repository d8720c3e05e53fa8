using Carillon.Deliveries;
using Carillon.EventSourcing;
using Carillon.EventSourcing.InMemory;
using Carillon.Inbox;
using Carillon.Sagas;
using Carillon.Testing.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carillon.Testing;

/// <summary>What a test changes in the application that it tests. Call AddCarillon once more, after the application's own.</summary>
public static class TestingCarillonBuilderExtensions
{
    /// <summary>
    /// Records every dispatched event and every call of a listener, and lets the test fake events; take the <see cref="EventRecorder"/> from the services. Called twice, it is there once.
    /// </summary>
    public static CarillonBuilder RecordEvents(this CarillonBuilder carillon)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        FindRecorder(carillon);
        return carillon;
    }

    /// <summary>Fakes events in the whole application, as long as it lives: none of their listeners is called and nothing is stored for one. They are recorded.</summary>
    /// <typeparam name="TEvent">The event, derived types included.</typeparam>
    /// <param name="carillon">The builder.</param>
    public static CarillonBuilder FakeEvents<TEvent>(this CarillonBuilder carillon)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(carillon);
        FindRecorder(carillon).FakeEverywhere(typeof(TEvent));
        return carillon;
    }

    /// <summary>Puts a simulated clock in the place of the real one.</summary>
    public static CarillonBuilder UseSimulatedTime(this CarillonBuilder carillon, SimulatedTime time)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentNullException.ThrowIfNull(time);
        carillon.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time));
        return carillon;
    }

    /// <summary>
    /// Keeps the worker from starting: durable listeners run when the test calls <see cref="DeliveryDrain.DrainDeliveriesAsync(IServiceProvider, int, CancellationToken)"/>, and only then. Takes the
    /// jitter out of retries, so that a test knows when each falls due.
    /// </summary>
    public static CarillonBuilder RunDeliveriesByHand(this CarillonBuilder carillon)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        return carillon.ConfigureWorker(worker => worker.Enabled = false).ConfigureRetries(retries => retries.Jitter = 0);
    }

    /// <summary>Keeps deliveries after they have completed, so that a test can look at them: <see cref="StoredDeliveryExtensions"/>.</summary>
    public static CarillonBuilder KeepDeliveries(this CarillonBuilder carillon)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        return carillon.ConfigureWorker(static worker => worker.KeepCompleted = TimeSpan.FromDays(3650));
    }

    /// <summary>Lets the host crash where a test wants it to; take the <see cref="CrashPoints"/> from the services. Call it after the store is chosen.</summary>
    /// <exception cref="InvalidOperationException">No store is chosen yet.</exception>
    public static CarillonBuilder UseCrashPoints(this CarillonBuilder carillon)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        var chosen = carillon.Services.LastOrDefault(static service => service.ServiceType == typeof(IDeliveryStore) && !service.IsKeyedService)
            ?? throw new InvalidOperationException("There is no store that a crash could leave something in: call UseInMemory(), UseSqlite(...) or UsePostgres(...) before UseCrashPoints().");
        carillon.Services.AddSingleton(static services => new CrashPoints(() => Idle.IsByHand(services)));
        return carillon
            .UseStore(services => Around(CreateStore(chosen, services), services.GetRequiredService<CrashPoints>()))
            .UseListenerMiddleware(static (_, next, cancellationToken) =>
            {
                if (next.Listener.Delivery == Delivery.Durable)
                {
                    // What was handed over in memory died with the process.
                    next.Services.GetRequiredService<CrashPoints>().Live();
                }

                return next.InvokeAsync(cancellationToken);
            });
    }

    /// <summary>
    /// Makes the application one of several in a test: the clock and the transport of all of them, a store in memory, deliveries run by hand, events recorded. What is chosen after it counts.
    /// </summary>
    /// <param name="carillon">The builder.</param>
    /// <param name="hosts">The others.</param>
    public static CarillonBuilder JoinTestHosts(this CarillonBuilder carillon, TestHosts hosts)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentNullException.ThrowIfNull(hosts);
        return carillon.UseInMemory().UseInMemoryTransport(hosts.Transport).UseSimulatedTime(hosts.Time).RecordEvents().RunDeliveriesByHand();
    }

    // What a store can do beside deliveries is known by its interfaces.
    private static CrashingStore Around(IDeliveryStore store, CrashPoints crashes) => store switch
    {
        // Where there are no streams beside the deliveries they are in memory.
        IInboxStore inbox and ISagaStore sagas => new CrashingWholeStore(store, inbox, sagas, store as IStreamDatabase ?? new InMemoryStreamDatabase(), crashes),
        IInboxStore inbox => new CrashingPlainInboxStore(store, inbox, crashes),
        _ => new CrashingPlainStore(store, crashes),
    };

    private static IDeliveryStore CreateStore(ServiceDescriptor chosen, IServiceProvider services) =>
        (IDeliveryStore)(chosen.ImplementationInstance
            ?? chosen.ImplementationFactory?.Invoke(services)
            ?? throw new InvalidOperationException($"The store '{chosen.ImplementationType}' was not chosen with UseStore, which makes it: crash points cannot be put around it."));

    private static EventRecorder FindRecorder(CarillonBuilder carillon)
    {
        foreach (var service in carillon.Services)
        {
            if (service.ServiceType == typeof(EventRecorder) && service.ImplementationInstance is EventRecorder present)
            {
                return present;
            }
        }

        var recorder = new EventRecorder();
        var middleware = new RecordingMiddleware(recorder);
        carillon.Services.AddSingleton(recorder);
        carillon.UseMiddleware(middleware.AroundDispatchAsync).UseListenerMiddleware(middleware.AroundListenerAsync);
        return recorder;
    }
}
