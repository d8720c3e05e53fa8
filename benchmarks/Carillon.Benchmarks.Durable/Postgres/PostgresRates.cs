using System.Diagnostics;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Carillon.Benchmarks.Durable.Postgres;

/// <summary>What Carillon does with PostgreSQL in a second.</summary>
internal static class PostgresRates
{
    internal const int Batch = 100;

    /// <summary>One writer of the application that dispatches in transactions of a hundred events each; until the last delivery is completed and gone.</summary>
    internal static Task<double> InUnitsOfWorkAsync(string server, int events, Func<int, object> create) =>
        MeasureAsync(server, events, (application, first, count) => Task.Run(() => DispatchInUnitsOfWorkAsync(application, first, count, create)));

    /// <summary>Callers that each await one dispatch after the other, outside of any transaction.</summary>
    internal static Task<double> DirectAsync(string server, int events, int callers) =>
        MeasureAsync(server, events, (application, first, count) => Task.WhenAll(Enumerable.Range(0, callers).Select(
            caller => Task.Run(() => DispatchAsync(application, first + caller, first + count, callers)))));

    /// <summary>Callers that each commit one transaction after the other, with one event in each.</summary>
    internal static Task<double> OneATransactionAsync(string server, int events, int callers) =>
        MeasureAsync(server, events, (application, first, count) => Task.WhenAll(Enumerable.Range(0, callers).Select(
            caller => Task.Run(() => PostgresOutbox.CommitAsync(application, first + caller, first + count, callers, dispatches: true)))));

    /// <summary>Works off what others have left.</summary>
    /// <param name="server">The server.</param>
    /// <param name="waiting">How many wait at the beginning.</param>
    /// <param name="events">How many of them are worked off before the clock stops.</param>
    internal static async Task<double> DrainAsync(string server, int waiting, int events)
    {
        const int warmup = 2_000;
        await using var database = await PostgresDatabase.CreateAsync(server);
        Arrivals.Expect(waiting);
        await database.FillAsync(0, waiting);
        await database.ExecuteAsync("VACUUM ANALYZE {schema}.deliveries");
        await database.ExecuteAsync("CHECKPOINT");
        await using var application = await PostgresApplication.StartAsync(database);
        await PostgresApplication.WaitForArrivalsAsync(warmup);
        var (before, started) = (Arrivals.Count, Stopwatch.GetTimestamp());
        await PostgresApplication.WaitForArrivalsAsync(warmup + events);
        return (Arrivals.Count - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> MeasureAsync(string server, int events, Func<PostgresApplication, int, int, Task> dispatch)
    {
        var warmup = events / 5;
        Arrivals.Expect(warmup + events);
        await using var database = await PostgresDatabase.CreateAsync(server);
        await using var application = await PostgresApplication.StartAsync(database);
        await dispatch(application, 0, warmup);
        await application.WaitUntilAllAreCompletedAsync(warmup);
        var started = Stopwatch.GetTimestamp();
        await dispatch(application, warmup, events);
        await application.WaitUntilAllAreCompletedAsync(warmup + events);
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task DispatchAsync(PostgresApplication application, int from, int to, int step)
    {
        for (var number = from; number < to; number += step)
        {
            // A scope each, as a web request has.
            await using var scope = application.CreateScope();
            await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new Measured(number, Measured.Kibibyte));
        }
    }

    private static async Task DispatchInUnitsOfWorkAsync(PostgresApplication application, int first, int count, Func<int, object> create)
    {
        await using var connection = await application.Database.Source.OpenConnectionAsync();
        for (var number = first; number < first + count;)
        {
            await using var scope = application.CreateScope();
            var dispatcher = scope.ServiceProvider.GetRequiredService<IEventDispatcher>();
            await using var work = await scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection);
            for (var end = Math.Min(number + Batch, first + count); number < end; number++)
            {
                await dispatcher.DispatchObjectAsync(create(number));
            }

            await work.CommitAsync();
        }
    }
}
