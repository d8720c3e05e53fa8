using System.Collections.Concurrent;
using System.Collections.Frozen;
using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Sqlite.Deliveries;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Carillon.Sqlite.Tests.Deliveries;

/// <summary>However much waits, every statement of the work goes straight to its rows. The statements are those that the store really runs.</summary>
public sealed class QueryPlanTests : IAsyncDisposable
{
    private const int Waiting = 100_000;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SqliteFile _file = new();
    private readonly ConcurrentDictionary<string, bool> _statements = new(StringComparer.Ordinal);
    private int _traced;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task Leasing_settling_and_passing_on_turns_use_an_index()
    {
        var store = await OpenAsync();

        await WorkAsync(store, new DeliveryKey("order 7") { IsOrdered = true });
        await WorkAsync(store, new DeliveryKey("order 8") { IsOrdered = true, SkipsFailed = true });
        await WorkAsync(store, new DeliveryKey("order 9") { Limit = 2 });
        await WorkAsync(store, null);
        await store.GetNextDueAsync(Now, Cancel);

        CheckPlans(atLeast: 15);
    }

    [Fact]
    public async Task Uniqueness_the_inbox_pauses_and_sweeps_use_an_index()
    {
        var store = await OpenAsync();
        var unique = new DeliveryUniqueness("key", UniqueUntil.Started) { Replaces = true };

        await store.AddAsync([TestDeliveries.New(unique: unique), TestDeliveries.New(unique: unique)], Cancel);
        await store.PauseAsync("mail", Now, Cancel);
        await store.ResumeAsync("mail", Cancel);
        await store.TryRecordAsync(null, "Sitemap", "message", Now, Now, Cancel);
        await store.IsRecordedAsync("Sitemap", "message", Now, Cancel);
        await store.SweepAsync(new SweepRequest(new KnownNames(FrozenSet<string>.Empty, FrozenSet<string>.Empty), Now), Cancel);
        await store.ForgetAsync("Sitemap", "message", Cancel);
        await store.RetryAsync([1], Now, Cancel);
        await store.CancelAsync([2], Now, null, Cancel);
        await store.RescheduleAsync(3, Now, Now, Cancel);

        CheckPlans(atLeast: 12);
    }

    [Fact]
    public async Task Whether_a_step_has_taken_an_event_is_not_sought_in_the_whole_history_of_its_saga()
    {
        var store = await OpenAsync();

        await store.FindAsync(null, "order", "1", "Order.Reserve", Guid.CreateVersion7(Now), Cancel);

        CheckPlans(atLeast: 1);
        Plans().ShouldContain(step => step.Contains("carillon_saga_steps_taken (saga=? AND key=? AND event_id=?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_ticks_of_schedules_are_listed_without_what_else_waits()
    {
        var store = await OpenAsync();
        await store.AddAsync([TestDeliveries.New("carillon.tick", "carillon.tick:sitemap"), TestDeliveries.New("carillon.tick", "carillon.tick:digest")], Cancel);
        _statements.Clear();

        (await store.ListAsync(new DeliveryQuery { EventName = "carillon.tick", OldestFirst = true, PageSize = 1000 }, Now, Cancel)).Count.ShouldBe(2);

        Plans().ShouldContain(step => step.Contains("carillon_deliveries_ticks", StringComparison.Ordinal));
        Plans().ShouldNotContain(step => step.StartsWith("SCAN carillon_deliveries", StringComparison.Ordinal) && !step.Contains("INDEX", StringComparison.Ordinal));
    }

    /// <summary>Through all that can become of deliveries: leased, parked behind another, settled, made ready.</summary>
    private static async Task WorkAsync(SqliteDeliveryStore store, DeliveryKey? key)
    {
        var listener = $"{key?.Value}";
        await store.AddAsync(
            [.. Enumerable.Range(0, 4).Select(_ => TestDeliveries.New(listenerId: listener, key: key, queue: "work", priority: DeliveryPriority.High))], Cancel);
        foreach (var outcome in new[] { DeliveryOutcome.Retry, DeliveryOutcome.Failed, DeliveryOutcome.Completed, DeliveryOutcome.Snoozed, DeliveryOutcome.Parked })
        {
            var leased = await store.LeaseAsync(
                new LeaseRequest(new DeliveryLease("worker", Now.AddMinutes(1)), Now, 2) { Queue = "work", Limit = 100 }, Cancel);
            await store.ExtendAsync(leased, Now.AddMinutes(2), Cancel);
            await store.SettleAsync([.. leased.Select(delivery => new Settlement { Delivery = delivery, Outcome = outcome, At = Now, RetryAt = Now })], Cancel);
        }
    }

    private async Task<SqliteDeliveryStore> OpenAsync()
    {
        await (await _file.OpenStoreAsync()).DisposeAsync();
        _file.Execute(
            $"""
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {Waiting})
            INSERT INTO carillon_deliveries (state, due_at, token, attempt, listener, event_id, event_name, event_version, created_at, correlation, payload)
            SELECT 1, n, 0, 0, 'Sitemap', zeroblob(16), 'poll.created', 1, n, '', x'7B7D' FROM numbers
            """);
        var store = await _file.OpenStoreAsync(options => options.ConnectionOpened = connection => raw.sqlite3_trace(connection.Handle!, (_, sql) => _statements[sql] = true, null));
        _statements.Clear();
        _traced = 0;
        return store;
    }

    private void CheckPlans(int atLeast)
    {
        using var connection = _file.Connect();
        foreach (var sql in _statements.Keys.Where(sql => sql.Contains("carillon_", StringComparison.Ordinal) && !sql.Contains("carillon_schema", StringComparison.Ordinal)))
        {
            _traced++;
            foreach (var step in Explain(connection, sql))
            {
                step.ShouldNotContain("SCAN TABLE carillon_", customMessage: sql);
                step.ShouldNotContain("SCAN carillon_", customMessage: sql);
                step.ShouldNotContain("TEMP B-TREE FOR ORDER BY", customMessage: sql);
            }
        }

        _traced.ShouldBeGreaterThanOrEqualTo(atLeast);
    }

    private List<string> Plans()
    {
        using var connection = _file.Connect();
        return [.. _statements.Keys.Where(sql => sql.StartsWith("SELECT", StringComparison.Ordinal)).SelectMany(sql => Explain(connection, sql))];
    }

    private static List<string> Explain(SqliteConnection connection, string sql)
    {
        var steps = new List<string>();
        using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + sql;
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            steps.Add(rows.GetString(3));
        }

        return steps;
    }
}
