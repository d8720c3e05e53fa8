using System.Diagnostics;
using Carillon.Benchmarks.Report;
using Carillon.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Benchmarks.Durable;

/// <summary>How soon a listener starts in an application that has nothing else to do: one event every 20 milliseconds.</summary>
/// <param name="Commit50">From the call of dispatch until it returned, which it does once the delivery is committed; median, in milliseconds.</param>
/// <param name="Start50">From the commit until the listener had started, median.</param>
/// <param name="Start99">The same, of all but one in a hundred.</param>
/// <param name="Whole50">From the call of dispatch until the listener had started, median.</param>
/// <param name="Whole99">The same, of all but one in a hundred.</param>
internal sealed record Latency(double Commit50, double Start50, double Start99, double Whole50, double Whole99)
{
    internal static async Task<Latency> MeasureAsync(int events, SqliteSynchronous synchronous)
    {
        const int Warmup = 50;
        Arrivals.Expect(Warmup + events);
        var called = new long[Warmup + events];
        var committed = new long[Warmup + events];
        await using var application = await Application.StartAsync(synchronous);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        for (var number = 0; number < Warmup + events; number++)
        {
            await timer.WaitForNextTickAsync();
            await using var scope = application.CreateScope();
            var dispatcher = scope.ServiceProvider.GetRequiredService<IEventDispatcher>();
            called[number] = Stopwatch.GetTimestamp();
            await dispatcher.DispatchAsync(new Measured(number, Measured.Kibibyte));
            committed[number] = Stopwatch.GetTimestamp();
        }

        await application.WaitUntilAllAreCompletedAsync(Warmup + events);
        var numbers = Enumerable.Range(Warmup, events).ToArray();
        var commits = numbers.Select(number => Milliseconds(called[number], committed[number])).ToArray();
        // The listener may start before the caller of dispatch has been told: that is no time at all, not a negative one.
        var starts = numbers.Select(number => Math.Max(0, Milliseconds(committed[number], Arrivals.TimeOf(number)))).ToArray();
        var wholes = numbers.Select(number => Milliseconds(called[number], Arrivals.TimeOf(number))).ToArray();
        return new Latency(
            Statistics.Median(commits),
            Statistics.Median(starts),
            Statistics.Percentile(starts, 99),
            Statistics.Median(wholes),
            Statistics.Percentile(wholes, 99));
    }

    private static double Milliseconds(long from, long to) => (to - from) * 1000.0 / Stopwatch.Frequency;
}
