using System.Diagnostics;
using System.Text;
using Carillon.Sqlite;
using Microsoft.Data.Sqlite;

namespace Carillon.Benchmarks.Patterns.EventSourcing;

/// <summary>Appends to SQLite, which commits to the disk.</summary>
internal static class SqliteAppends
{
    private static readonly byte[] Payload = Encoding.UTF8.GetBytes($$"""{"basket":100,"items":10,"reason":"{{ItemsMoved.Why}}"}""");

    internal static async Task<double> MeasureAsync()
    {
        var folder = Directory.CreateTempSubdirectory("carillon-patterns-");
        try
        {
            await using var application = await EventApplication.StartAsync(carillon => carillon.UseSqlite(options =>
            {
                options.ConnectionString = ConnectionString(folder);
                options.Synchronous = SqliteSynchronous.Full;
            }));
            return await application.AppendAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The same table, a prepared command of the driver for each event, a transaction for each stream. Nothing is serialized, nothing is looked up.</summary>
    internal static double MeasureRaw()
    {
        var folder = Directory.CreateTempSubdirectory("carillon-patterns-");
        try
        {
            SQLitePCL.Batteries_V2.Init();
            using var connection = new SqliteConnection(ConnectionString(folder));
            connection.Open();
            Execute(connection, "PRAGMA journal_mode = WAL");
            Execute(connection, "PRAGMA synchronous = 2");
            Execute(
                connection,
                """
                CREATE TABLE events (position INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL, version INTEGER NOT NULL, time INTEGER NOT NULL, event_id BLOB NOT NULL,
                    event_name TEXT NOT NULL, event_version INTEGER NOT NULL, correlation TEXT NOT NULL, causation BLOB, who TEXT, trace_parent TEXT, trace_state TEXT, metadata TEXT,
                    payload BLOB NOT NULL)
                """);
            Execute(connection, "CREATE UNIQUE INDEX events_stream ON events (stream, version)");
            Append(connection, 0, Appends.Streams / 5);
            var started = Stopwatch.GetTimestamp();
            Append(connection, Appends.Streams, Appends.Streams);
            return Appends.Streams * Appends.Batch / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Append(SqliteConnection connection, int first, int count)
    {
        using var insert = connection.CreateCommand();
        insert.CommandText =
            """
            INSERT INTO events (stream, version, time, event_id, event_name, event_version, correlation, causation, who, trace_parent, trace_state, metadata, payload)
            VALUES ($stream, $version, 17600000000000000, $id, 'items.moved', 1, $correlation, NULL, NULL, NULL, NULL, NULL, $payload)
            """;
        var stream = insert.Parameters.Add("$stream", SqliteType.Text);
        var version = insert.Parameters.Add("$version", SqliteType.Integer);
        var id = insert.Parameters.Add("$id", SqliteType.Blob);
        var correlation = insert.Parameters.Add("$correlation", SqliteType.Text);
        insert.Parameters.Add("$payload", SqliteType.Blob).Value = Payload;
        for (var number = first; number < first + count; number++)
        {
            using var transaction = connection.BeginTransaction();
            insert.Transaction = transaction;
            stream.Value = Appends.StreamOf(number);
            for (var i = 0; i < Appends.Batch; i++)
            {
                var eventId = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
                (version.Value, id.Value, correlation.Value) = (i + 1, eventId.ToByteArray(), eventId.ToString());
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }
    }

    private static string ConnectionString(DirectoryInfo folder) => $"Data Source={Path.Combine(folder.FullName, "events.db")};Pooling=False";

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
