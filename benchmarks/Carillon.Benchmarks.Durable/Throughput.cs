using System.Diagnostics;
using Carillon.Sqlite;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Benchmarks.Durable;

/// <summary>Events a second from the first dispatch until the last delivery is completed and gone from the store.</summary>
internal static class Throughput
{
    /// <summary>Callers that each await one dispatch after the other, outside of any transaction: what they do at once is written at once.</summary>
    internal static Task<double> DirectAsync(int events, int callers, SqliteSynchronous synchronous) =>
        MeasureAsync(events, synchronous, (application, first, count) =>
            Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => DispatchAsync(application, first + caller, first + count, callers)))));

    /// <summary>One writer of the application that dispatches in transactions of a hundred events each.</summary>
    internal static Task<double> InUnitsOfWorkAsync(int events, SqliteSynchronous synchronous) =>
        MeasureAsync(events, synchronous, (application, first, count) => Task.Run(() => DispatchInUnitsOfWorkAsync(application, first, count)));

    private static async Task<double> MeasureAsync(int events, SqliteSynchronous synchronous, Func<Application, int, int, Task> dispatch)
    {
        var warmup = events / 10;
        Arrivals.Expect(warmup + events);
        await using var application = await Application.StartAsync(synchronous);
        await dispatch(application, 0, warmup);
        await application.WaitUntilAllAreCompletedAsync(warmup);
        var started = Stopwatch.GetTimestamp();
        await dispatch(application, warmup, events);
        await application.WaitUntilAllAreCompletedAsync(warmup + events);
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task DispatchAsync(Application application, int from, int to, int step)
    {
        for (var number = from; number < to; number += step)
        {
            // A scope each, as a web request has.
            await using var scope = application.CreateScope();
            await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new Measured(number, Measured.Kibibyte));
        }
    }

    private static async Task DispatchInUnitsOfWorkAsync(Application application, int first, int count)
    {
        await using var connection = application.Database.Open();
        for (var number = first; number < first + count;)
        {
            await using var scope = application.CreateScope();
            var dispatcher = scope.ServiceProvider.GetRequiredService<IEventDispatcher>();
            await using var work = await scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection);
            for (var end = Math.Min(number + RawQueue.Batch, first + count); number < end; number++)
            {
                await dispatcher.DispatchAsync(new Measured(number, Measured.Kibibyte));
            }

            await work.CommitAsync();
        }
    }
}
