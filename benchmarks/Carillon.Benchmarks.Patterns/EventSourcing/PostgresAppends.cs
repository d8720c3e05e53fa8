using System.Diagnostics;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Benchmarks.Patterns.EventSourcing;

/// <summary>Appends to PostgreSQL.</summary>
internal static class PostgresAppends
{
    private const string Schema = "measured_appends";

    private static readonly byte[] Payload = Encoding.UTF8.GetBytes($$"""{"basket":100,"items":10,"reason":"{{ItemsMoved.Why}}"}""");

    internal static async Task<double> MeasureAsync(string server)
    {
        await using var source = NpgsqlDataSource.Create(server);
        await ClearAsync(source);
        await using var application = await EventApplication.StartAsync(carillon => carillon.UsePostgres(options =>
        {
            options.ConnectionString = server;
            options.Schema = Schema;
        }));
        return await application.AppendAsync();
    }

    /// <summary>The same table, one prepared statement for the events of a stream, given as arrays; a transaction for each. Nothing is serialized, no version is looked at.</summary>
    internal static async Task<double> MeasureRawAsync(string server)
    {
        await using var source = NpgsqlDataSource.Create(server);
        await ClearAsync(source);
        await ExecuteAsync(source, Carillon.Postgres.PostgresMigrations.Script(0, Schema));
        await using var connection = await source.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(
            $"""
            INSERT INTO {Schema}.events (version, time, event_version, event_id, causation, stream, event_name, correlation, who, trace_parent, trace_state, metadata, payload)
            SELECT n.version, 17600000000000000, 1, n.event_id, NULL, $1, 'items.moved', n.correlation, NULL, NULL, NULL, NULL, n.payload
            FROM unnest($2::bigint[], $3::uuid[], $4::text[], $5::bytea[]) AS n (version, event_id, correlation, payload)
            """,
            connection);
        var stream = new NpgsqlParameter<string> { NpgsqlDbType = NpgsqlDbType.Text };
        var versions = new NpgsqlParameter<List<long>> { TypedValue = [], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };
        var ids = new NpgsqlParameter<List<Guid>> { TypedValue = [], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };
        var correlations = new NpgsqlParameter<List<string>> { TypedValue = [], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
        var payloads = new NpgsqlParameter<List<byte[]>> { TypedValue = [], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };
        insert.Parameters.AddRange(new NpgsqlParameter[] { stream, versions, ids, correlations, payloads });
        stream.TypedValue = string.Empty;
        await insert.PrepareAsync();
        await AppendAsync(0, Appends.Streams / 5);
        var started = Stopwatch.GetTimestamp();
        await AppendAsync(Appends.Streams, Appends.Streams);
        return Appends.Streams * Appends.Batch / Stopwatch.GetElapsedTime(started).TotalSeconds;

        async Task AppendAsync(int first, int count)
        {
            for (var number = first; number < first + count; number++)
            {
                stream.TypedValue = Appends.StreamOf(number);
                versions.TypedValue!.Clear();
                ids.TypedValue!.Clear();
                correlations.TypedValue!.Clear();
                payloads.TypedValue!.Clear();
                for (var i = 0; i < Appends.Batch; i++)
                {
                    var eventId = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
                    versions.TypedValue.Add(i + 1);
                    ids.TypedValue.Add(eventId);
                    correlations.TypedValue.Add(eventId.ToString());
                    payloads.TypedValue.Add(Payload);
                }

                await insert.ExecuteNonQueryAsync();
            }
        }
    }

    private static async Task ClearAsync(NpgsqlDataSource source)
    {
        await ExecuteAsync(source, $"DROP SCHEMA IF EXISTS {Schema} CASCADE");
        // What the measurements before have left to be written must not be paid by this one.
        await ExecuteAsync(source, "CHECKPOINT");
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
