using System.Data;
using System.Diagnostics;
using Npgsql;

namespace Carillon.Benchmarks.Durable.Postgres;

/// <summary>Works off what another process writes all the time, with or without a session that holds a snapshot from before it all.</summary>
internal static class PostgresSnapshot
{
    private const int Chunk = 5_000;

    // So much waits at the most: the other process is faster than the worker.
    private const int MostWaiting = 4 * Chunk;

    /// <returns>How many a second were worked off.</returns>
    internal static async Task<double> MeasureAsync(string server, TimeSpan length, bool holds)
    {
        const int warmup = 2_000;
        await using var database = await PostgresDatabase.CreateAsync(server);
        Arrivals.Expect(20_000_000);
        await database.FillAsync(0, Chunk);
        await using var session = await database.Source.OpenConnectionAsync();
        await using var transaction = holds ? await session.BeginTransactionAsync(IsolationLevel.RepeatableRead) : null;
        await using (var look = new NpgsqlCommand(database.Fill("SELECT count(*) FROM {schema}.deliveries"), session))
        {
            await look.ExecuteScalarAsync();
        }

        await using var application = await PostgresApplication.StartAsync(database);
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(() => WriteAsync(database, stop.Token));
        await PostgresApplication.WaitForArrivalsAsync(warmup);
        var (before, started) = (Arrivals.Count, Stopwatch.GetTimestamp());
        await Task.Delay(length, TimeProvider.System);
        var rate = (Arrivals.Count - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await stop.CancelAsync();
        await writing;
        return rate;
    }

    private static async Task WriteAsync(PostgresDatabase database, CancellationToken stop)
    {
        for (var written = Chunk; !stop.IsCancellationRequested;)
        {
            if (written - Arrivals.Count < MostWaiting)
            {
                await database.FillAsync(written, Chunk);
                written += Chunk;
            }
            else
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
            }
        }
    }
}
