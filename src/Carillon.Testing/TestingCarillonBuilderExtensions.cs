using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Carillon.Testing;

/// <summary>What a test changes in the application that it tests. Call AddCarillon once more, after the application's own.</summary>
public static class TestingCarillonBuilderExtensions
{
    /// <summary>Records every dispatched event; take the <see cref="EventRecorder"/> from the services.</summary>
    public static CarillonBuilder RecordEvents(this CarillonBuilder carillon)
    {
        ArgumentNullException.ThrowIfNull(carillon);
        var recorder = new EventRecorder();
        carillon.Services.RemoveAll<EventRecorder>();
        carillon.Services.AddSingleton(recorder);
        return carillon.Listen<object>(recorder.Record, options => options.Priority = int.MaxValue);
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
}
