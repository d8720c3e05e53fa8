using Carillon.Scheduling;
using Carillon.Simulation.Database;
using Carillon.Simulation.Processes;
using Carillon.Simulation.World;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Simulation.Application;

/// <summary>The application that every process runs.</summary>
internal static class OrderApplication
{
    internal static ServiceProvider Build(SimulatedWorld world, SimulatedProcess process, TimeProvider time, int seed)
    {
        var random = new Random(seed);
        var services = new ServiceCollection();
        services.AddSingleton(time);
        services.AddSingleton(world);
        services.AddSingleton(process);
        services.AddCarillon(carillon => carillon
            .AddListeners()
            .AddSchedule("shift", Schedules.Every(TimeSpan.FromSeconds(20)), static context => new ShiftEnded(context.At))
            .UseStore(_ => new SimulatedStore(world, process))
            .ConfigureRetries(retries =>
            {
                retries.MaxAttempts = 1000;
                retries.FirstDelay = TimeSpan.FromMilliseconds(200);
                retries.MaxDelay = TimeSpan.FromSeconds(2);
                retries.Random = random.NextDouble;
            })
            .ConfigureWorker(worker =>
            {
                worker.MaxConcurrency = 3;
                worker.BatchSize = 4;
                worker.LeaseDuration = TimeSpan.FromSeconds(10);
                worker.PollInterval = TimeSpan.FromSeconds(1);
                worker.SweepInterval = TimeSpan.FromSeconds(5);
                worker.DrainTimeout = TimeSpan.FromSeconds(3);
            }));
        return services.BuildServiceProvider();
    }
}
