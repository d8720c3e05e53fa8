using System.Diagnostics;
using Npgsql;

namespace Carillon.Benchmarks.Durable.Postgres;

/// <summary>The driver alone: connections that each commit one row of 1 KiB after the other. What a server can commit bounds what an application can.</summary>
internal static class PostgresCommits
{
    internal static async Task<double> MeasureAsync(string server, int rows, int connections)
    {
        await using var database = await PostgresDatabase.CreateAsync(server);
        await CommitAsync(database, rows / 5, connections);
        var started = Stopwatch.GetTimestamp();
        await CommitAsync(database, rows, connections);
        return rows / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static Task CommitAsync(PostgresDatabase database, int rows, int connections) =>
        Task.WhenAll(Enumerable.Range(0, connections).Select(connection => Task.Run(() => CommitOnOneAsync(database, connection, rows, connections))));

    private static async Task CommitOnOneAsync(PostgresDatabase database, int from, int to, int step)
    {
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(database.Fill("INSERT INTO {schema}.orders (body) VALUES ($1)"), connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = Measured.Kibibyte } },
        };
        await insert.PrepareAsync();
        for (var number = from; number < to; number += step)
        {
            await insert.ExecuteNonQueryAsync();
        }
    }
}
