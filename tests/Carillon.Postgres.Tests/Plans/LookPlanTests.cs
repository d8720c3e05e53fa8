using Carillon.Deliveries;
using Carillon.Sagas;
using Npgsql;

namespace Carillon.Postgres.Tests.Plans;

/// <summary>How much is read to find a few rows among very many. Counted by the server; nothing here measures time.</summary>
public sealed class LookPlanTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task Whether_a_step_has_taken_an_event_is_not_sought_in_the_whole_history_of_its_saga()
    {
        var store = await _place.OpenAsync();
        await _place.ExecuteAsync(
            """
            INSERT INTO {schema}.sagas (version, started_at, updated_at, state_version, status, saga, key, progress, state) VALUES (20000, 0, 0, 1, 0, 'order', '1', '{}', '{}');
            INSERT INTO {schema}.saga_steps (version, at, status, event_id, saga, key, step, event_name)
            SELECT n, 0, 0, gen_random_uuid(), 'order', '1', 'Order.Touch', 'order.touched' FROM generate_series(1, 20000) AS n;
            ANALYZE {schema}.saga_steps
            """);
        var before = await ReadAsync("saga_steps");

        (await store.FindAsync(null, "order", "1", "Order.Touch", Guid.CreateVersion7(Now), Cancel)).ShouldNotBeNull().HasTaken.ShouldBeFalse();

        await _place.CloseAsync(store);
        (await ReadAfterAsync("saga_steps", before)).ShouldBeLessThan(10);
    }

    [Fact]
    public async Task The_ticks_of_schedules_are_listed_without_what_else_waits()
    {
        var store = await _place.OpenAsync();
        await _place.ExecuteAsync(
            """
            INSERT INTO {schema}.deliveries (
                due_at, token, created_at, attempt, event_version, key_limit, state, priority, key_ordered, key_skips_failed, holds_unique,
                event_id, queue, listener, event_name, correlation, payload)
            SELECT n, 0, 0, 0, 1, 0, 1, 0, false, false, false, gen_random_uuid(), 'default', 'Sitemap', 'poll.created', 'c', '{}' FROM generate_series(1, 100000) AS n;
            ANALYZE {schema}.deliveries
            """);
        await store.AddAsync([TestDeliveries.New("carillon.tick", "carillon.tick:sitemap"), TestDeliveries.New("carillon.tick", "carillon.tick:digest")], Cancel);
        var before = await ReadAsync("deliveries");

        (await store.ListAsync(new DeliveryQuery { EventName = "carillon.tick", OldestFirst = true, PageSize = 1000 }, Now, Cancel)).Count.ShouldBe(2);

        await _place.CloseAsync(store);
        (await ReadAfterAsync("deliveries", before)).ShouldBeLessThan(10);
    }

    /// <summary>What was read since then. A connection tells what it has read when it is closed, or has rested for a while.</summary>
    private async Task<long> ReadAfterAsync(string table, (long Scans, long Rows) before)
    {
        var after = before;
        while (after.Scans == before.Scans)
        {
            after = await ReadAsync(table);
        }

        return after.Rows - before.Rows;
    }

    private async Task<(long Scans, long Rows)> ReadAsync(string table)
    {
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using var command = new NpgsqlCommand(
            _place.Fill(
                """
                SELECT t.seq_scan + sum(i.idx_scan)::bigint, t.seq_tup_read + sum(i.idx_tup_read)::bigint
                FROM pg_stat_user_tables t JOIN pg_stat_user_indexes i USING (relid)
                WHERE t.schemaname = '{schema}' AND t.relname = '{table}' GROUP BY t.relid, t.seq_scan, t.seq_tup_read
                """.Replace("{table}", table, StringComparison.Ordinal)),
            connection);
        await using var row = await command.ExecuteReaderAsync(Cancel);
        await row.ReadAsync(Cancel);
        return (row.GetInt64(0), row.GetInt64(1));
    }
}
