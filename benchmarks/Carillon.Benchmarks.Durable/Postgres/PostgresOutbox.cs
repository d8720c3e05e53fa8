using System.Diagnostics;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Carillon.Benchmarks.Durable.Postgres;

/// <summary>Transactions of the application a second, a row of 200 bytes in each: what one event in each costs them. Nobody works the events off.</summary>
internal static class PostgresOutbox
{
    private const int Connections = 8;

    private static readonly string Row = new('r', 200);

    internal static async Task<double> MeasureAsync(string server, int transactions, bool dispatches)
    {
        await using var database = await PostgresDatabase.CreateAsync(server);
        await using var application = await PostgresApplication.StartAsync(database, works: false);
        await RunAsync(application, transactions / 5, dispatches);
        var started = Stopwatch.GetTimestamp();
        await RunAsync(application, transactions, dispatches);
        return transactions / Stopwatch.GetElapsedTime(started).TotalSeconds;
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

    private static Task RunAsync(PostgresApplication application, int transactions, bool dispatches) =>
        Task.WhenAll(Enumerable.Range(0, Connections).Select(
            connection => Task.Run(() => CommitAsync(application, connection, transactions, Connections, dispatches))));
}
