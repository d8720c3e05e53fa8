using Carillon.Deliveries;
using Carillon.Postgres.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Tests.Plans;

/// <summary>How much a claim reads, whatever the statistics of the table say. Counted by the server; nothing here measures time.</summary>
public sealed class ClaimPlanTests : IAsyncDisposable
{
    private const int Batch = 100;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_claim_among_a_hundred_thousand_reads_no_more_than_it_takes(bool plannedWhileEmpty)
    {
        var store = await _place.OpenAsync();
        await store.AddAsync([TestDeliveries.New()], Cancel);
        if (plannedWhileEmpty)
        {
            // The plans of these statements are kept from here on, and were made for a table of one row that vacuum has seen.
            await _place.ExecuteAsync("VACUUM ANALYZE {schema}.deliveries");
            for (var i = 0; i < 10; i++)
            {
                await LeaseAsync(store);
            }
        }

        await AddManyAsync(100_000);
        var before = await ReadAsync();

        (await LeaseAsync(store)).ShouldBe(Batch);

        await _place.CloseAsync(store);
        var after = await ReadAsync();
        (after.Sequential - before.Sequential).ShouldBe(0);
        (after.Entries - before.Entries).ShouldBeLessThan(5 * Batch);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Those_of_other_priorities_and_those_that_are_not_due_are_not_walked_past(int priority)
    {
        var store = await _place.OpenAsync();
        await store.AddAsync([.. Enumerable.Range(0, Batch).Select(_ => TestDeliveries.New())], Cancel);
        await AddManyAsync(20_000, priority, "'2027-01-01'");
        await _place.ExecuteAsync("ANALYZE {schema}.deliveries");
        var before = await ReadAsync();

        (await LeaseAsync(store)).ShouldBe(Batch);

        await _place.CloseAsync(store);
        ((await ReadAsync()).Entries - before.Entries).ShouldBeLessThan(5 * Batch);
    }

    [Theory]
    [InlineData("'2026-01-01'", true)]
    [InlineData("'2027-01-01'", true)]
    [InlineData("'2026-01-01'", false)]
    public async Task Listing_the_queues_reads_no_more_than_it_counts_however_many_wait_now_or_later(string due, bool analyzes)
    {
        var store = await _place.OpenAsync();
        await store.AddAsync([TestDeliveries.New()], Cancel);
        await AddManyAsync(100_000, 0, due);
        if (analyzes)
        {
            await _place.ExecuteAsync("VACUUM ANALYZE {schema}.deliveries");
        }

        var before = await ReadAsync();

        (await store.ListQueuesAsync(Now, Cancel)).ShouldHaveSingleItem();

        await _place.CloseAsync(store);
        var after = await ReadAsync();
        (after.Entries - before.Entries + after.Sequential - before.Sequential).ShouldBeLessThan((2 * QueueSnapshot.MaxCounted) + Batch);
    }

    [Fact]
    public async Task While_a_snapshot_is_held_claims_do_not_walk_past_all_that_was_removed()
    {
        const int events = 20_000;
        var store = await _place.OpenAsync();
        await AddManyAsync(events);
        await using var report = await _place.Source.OpenConnectionAsync(Cancel);
        await using var snapshot = await report.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Cancel);
        await using (var look = new NpgsqlCommand(_place.Fill("SELECT count(*) FROM {schema}.deliveries"), report))
        {
            await look.ExecuteScalarAsync(Cancel);
        }

        var drained = 0;
        while (await DrainAsync(store) is var count and > 0)
        {
            drained += count;
            if (drained % 5_000 == 0)
            {
                // What the statistics say now is that there is next to nothing: plans are made anew.
                await _place.ExecuteAsync("ANALYZE {schema}.deliveries");
            }
        }

        drained.ShouldBe(events);
        await _place.CloseAsync(store);
        // From the beginning each time it would be two million: each claim past the dead of all before it.
        (await ReadAsync()).Entries.ShouldBeLessThan(events * events / Batch / 2 / 4);
        // Each row is found by its id to be leased and to be removed, in up to three versions. Through the leases that are gone it would be two million.
        (await ReadAllAsync()).ShouldBeLessThan(events * events / Batch / 2 / 2);
    }

    private static async Task<int> DrainAsync(PostgresDeliveryStore store)
    {
        var leased = await store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", Now.AddMinutes(1)), Now, Batch), Cancel);
        await store.SettleAsync(
            [.. leased.Select(delivery => new Settlement { Delivery = delivery, Outcome = DeliveryOutcome.Completed, At = Now })], Cancel);
        return leased.Count;
    }

    private static async Task<int> LeaseAsync(PostgresDeliveryStore store) =>
        (await store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", Now.AddMinutes(1)), Now, Batch), Cancel)).Count;

    private async Task AddManyAsync(int count, int priority = 0, string dueAt = "'2026-02-01'")
    {
        await _place.ExecuteAsync(
            $$"""
            INSERT INTO {schema}.deliveries (
                due_at, token, created_at, attempt, event_version, key_limit, state, priority, key_ordered, key_skips_failed, holds_unique,
                event_id, queue, listener, event_name, correlation, payload)
            SELECT extract(epoch FROM {{dueAt}}::timestamptz)::bigint * 10000000 + n, 0, 0, 0, 1, 0, 1, {{priority}}, false, false, false,
                gen_random_uuid(), 'default', 'Sitemap', 'poll.created', 'c', '{}'
            FROM generate_series(1, {{count}}) AS n
            """);
    }

    private ValueTask<long> ReadAllAsync() =>
        _place.ReadAsync<long>("SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE schemaname = '{schema}' AND relname = 'deliveries'");

    /// <summary>What the server has counted of connections that are closed by now, or have rested for a while.</summary>
    private async Task<(long Sequential, long Entries)> ReadAsync()
    {
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using var command = new NpgsqlCommand(
            _place.Fill(
                """
                SELECT t.seq_tup_read, i.idx_tup_read FROM pg_stat_user_tables t JOIN pg_stat_user_indexes i USING (relid)
                WHERE t.schemaname = '{schema}' AND t.relname = 'deliveries' AND i.indexrelname = 'deliveries_waiting'
                """),
            connection);
        await using var row = await command.ExecuteReaderAsync(Cancel);
        await row.ReadAsync(Cancel);
        return (row.GetInt64(0), row.GetInt64(1));
    }
}
