using System.Diagnostics;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Carillon.Benchmarks.Durable.Postgres;

/// <summary>Transactions of the application a second, a row of 200 bytes in each: what one event in each costs them. Nobody works the events off.</summary>
internal static class PostgresOutbox
{
    private const int Connections = 8;
    private const int Turn = 1_000;

    private static readonly string Row = new('r', 200);

    /// <summary>In turns of a thousand: a machine that is slow for a while is slow for both.</summary>
    internal static async Task<(double Without, double With)> MeasureAsync(string server, int turns)
    {
        await using var database = await PostgresDatabase.CreateAsync(server);
        await using var application = await PostgresApplication.StartAsync(database, works: false);
        var (without, with) = (TimeSpan.Zero, TimeSpan.Zero);
        for (var turn = -1; turn < turns; turn++)
        {
            var first = await TakeAsync(application, dispatches: false);
            var second = await TakeAsync(application, dispatches: true);
            // The first turn warms up.
            (without, with) = turn < 0 ? (without, with) : (without + first, with + second);
        }

        return (turns * Turn / without.TotalSeconds, turns * Turn / with.TotalSeconds);
    }

    /// <summary>One connection that commits one transaction after the other.</summary>
    internal static async Task CommitAsync(PostgresApplication application, int from, int to, int step, bool dispatches)
    {
        await using var connection = await application.Database.Source.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(application.Database.Fill("INSERT INTO {schema}.orders (body) VALUES ($1)"), connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = Row } },
        };
        await insert.PrepareAsync();
        for (var number = from; number < to; number += step)
        {
            if (dispatches)
            {
                await using var scope = application.CreateScope();
                await using var work = await scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection);
                insert.Transaction = (NpgsqlTransaction)work.Transaction;
                await insert.ExecuteNonQueryAsync();
                await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new Measured(number, Measured.Kibibyte));
                await work.CommitAsync();
            }
            else
            {
                await using var transaction = await connection.BeginTransactionAsync();
                insert.Transaction = transaction;
                await insert.ExecuteNonQueryAsync();
                await transaction.CommitAsync();
            }
        }
    }

    private static async Task<TimeSpan> TakeAsync(PostgresApplication application, bool dispatches)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(
            connection => Task.Run(() => CommitAsync(application, connection, Turn, Connections, dispatches))));
        return Stopwatch.GetElapsedTime(started);
    }
}
