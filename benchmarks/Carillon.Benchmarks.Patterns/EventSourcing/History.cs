using System.Diagnostics;
using System.Globalization;
using Carillon.EventSourcing;
using Carillon.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Carillon.Benchmarks.Patterns.EventSourcing;

/// <summary>Many events in PostgreSQL, which are read and from which a projection is built anew.</summary>
internal sealed class History : IAsyncDisposable
{
    internal const string Schema = "measured_history";

    private const int PageSize = 5_000;
    private const int BatchSize = 20_000;

    private readonly string _server;
    private readonly int _events;
    private readonly NpgsqlDataSource _source;
    private readonly List<(long Events, long Bytes)> _memory = [];

    private History(string server, int events)
    {
        _server = server;
        _events = events;
        _source = NpgsqlDataSource.Create(server);
    }

    internal static async Task<History> CreateAsync(string server, int events)
    {
        var history = new History(server, events);
        if (events > 0)
        {
            await history.FillAsync();
        }

        return history;
    }

    /// <summary>All of them in one go, every column of each, and nothing is made of them.</summary>
    internal async Task<double> ReadRawAsync()
    {
        await using var connection = await _source.OpenConnectionAsync();
        var started = Stopwatch.GetTimestamp();
        var after = 0L;
        for (var count = 0; count < _events;)
        {
            await using var read = new NpgsqlCommand(
                $"""
                SELECT position, version, time, event_version, event_id, causation, stream, event_name, correlation, who, trace_parent, trace_state, metadata, payload
                FROM {Schema}.events WHERE position > $1 ORDER BY position LIMIT {PageSize}
                """,
                connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = after } } };
            await read.PrepareAsync();
            await using var row = await read.ExecuteReaderAsync();
            for (; await row.ReadAsync(); count++)
            {
                after = row.GetInt64(0);
                _ = (row.GetInt64(1), row.GetInt64(2), row.GetInt32(3), row.GetGuid(4), row.IsDBNull(5), row.GetString(6), row.GetString(7), row.GetString(8));
                _ = (row.IsDBNull(9), row.IsDBNull(10), row.IsDBNull(11), row.IsDBNull(12), row.GetFieldValue<byte[]>(13));
            }
        }

        return _events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    internal async Task<double> RebuildAsync()
    {
        // The generation that is read stands still, so that one is measured and not two.
        await ExecuteAsync($"TRUNCATE {Schema}.items; DELETE FROM {Schema}.projections; INSERT INTO {Schema}.projections (name, generation, role, status) VALUES ('items', 1, 1, 1)");
        await using var application = await EventApplication.StartAsync(carillon => carillon
            .UsePostgres(options =>
            {
                options.ConnectionString = _server;
                options.Schema = Schema;
            })
            .AddProjection<BasketItems>("items", options => options.BatchSize = BatchSize));
        _memory.Clear();
        var started = Stopwatch.GetTimestamp();
        await application.Services.GetRequiredService<IProjections>().RebuildAsync("items", new Watch(_memory));
        var rate = _events / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await using var sum = _source.CreateCommand($"SELECT sum(items)::bigint FROM {Schema}.items WHERE generation = 2");
        return (long)(await sum.ExecuteScalarAsync())! == _events ? rate : throw new InvalidOperationException("The projection has missed events.");
    }

    /// <summary>That it is flat: at a tenth, in the middle, at the end.</summary>
    internal void PrintMemory()
    {
        if (_memory.Count > 0)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"memory patterns.rebuild {At(0.1)} {At(0.5)} {At(1.0)} MiB, the heap at a tenth, at half and at the end of {_events:N0} events; the most was {_memory.Max(each => each.Bytes) >> 20} MiB"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_events > 0)
        {
            await ExecuteAsync($"DROP SCHEMA {Schema} CASCADE");
        }

        await _source.DisposeAsync();
    }

    private long At(double share) => _memory[Math.Clamp((int)(_memory.Count * share) - 1, 0, _memory.Count - 1)].Bytes >> 20;

    private async Task FillAsync()
    {
        Console.Error.WriteLine($"  writing {_events:N0} events");
        await ExecuteAsync($"DROP SCHEMA IF EXISTS {Schema} CASCADE");
        await ExecuteAsync(PostgresMigrations.Script(0, Schema));
        await ExecuteAsync($"CREATE TABLE {Schema}.items (generation int, basket int, items bigint, PRIMARY KEY (generation, basket))");
        await ExecuteAsync(string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            INSERT INTO {{Schema}}.events (version, time, event_version, event_id, stream, event_name, correlation, payload)
            SELECT (n - 1) / 100 + 1, 17600000000000000 + n, 1, gen_random_uuid(), 'basket-' || n % 100, 'items.moved', gen_random_uuid()::text,
                convert_to('{"basket":' || n % 100 || ',"items":1,"reason":"{{ItemsMoved.Why}}"}', 'UTF8')
            FROM generate_series(1, {{_events}}) AS n
            """));
        await ExecuteAsync($"VACUUM ANALYZE {Schema}.events");
        await ExecuteAsync("CHECKPOINT");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Watch(List<(long Events, long Bytes)> memory) : IProgress<RebuildProgress>
    {
        public void Report(RebuildProgress value) => memory.Add((value.Events, GC.GetTotalMemory(forceFullCollection: false)));
    }
}
