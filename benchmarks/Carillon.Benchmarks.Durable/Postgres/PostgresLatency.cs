using System.Diagnostics;
using Carillon.Benchmarks.Report;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Benchmarks.Durable.Postgres;

/// <summary>From the call of dispatch until the listener has started, 200 events a second, in milliseconds.</summary>
internal static class PostgresLatency
{
    internal static async Task<double[]> MeasureAsync(string server, int events)
    {
        Arrivals.Expect(events);
        var called = new long[events];
        await using var database = await PostgresDatabase.CreateAsync(server);
        await using var application = await PostgresApplication.StartAsync(database);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        for (var number = 0; number < events; number++)
        {
            await timer.WaitForNextTickAsync();
            await using var scope = application.CreateScope();
            called[number] = Stopwatch.GetTimestamp();
            await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new Measured(number, Measured.Kibibyte));
        }

        await application.WaitUntilAllAreCompletedAsync(events);
        return [.. called.Select(static (at, number) => (Arrivals.TimeOf(number) - at) * 1000.0 / Stopwatch.Frequency)];
    }

    /// <summary>Without those in which everything is done for the first time.</summary>
    internal static double Median(double[] latencies) => Statistics.Median(latencies.Skip(latencies.Length / 5));

    /// <inheritdoc cref="Median"/>
    internal static double Percentile99(double[] latencies) => Statistics.Percentile(latencies.Skip(latencies.Length / 5), 99);
}
