using Carillon.Deliveries;
using Npgsql;

namespace Carillon.Postgres.Tests.Deliveries;

/// <summary>Somebody has locked the one that holds a unique key and not changed it yet: what they do next is known when the dispatch returns.</summary>
public sealed class LockedHolderTests : IAsyncDisposable
{
    private const string Leased = "state = 2, token = 1, attempt = 1, holds_unique = false, lease_until = due_at + 300000000";
    private const string Cancelled = "state = 7, holds_unique = false";

    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Theory]
    [InlineData(Leased, true)]
    [InlineData(Cancelled, true)]
    [InlineData(Leased, false)]
    public async Task One_that_meets_it_is_written_after_all(string change, bool replaces)
    {
        var store = await _place.OpenAsync();
        var unique = new DeliveryUniqueness("u", UniqueUntil.Started) { Replaces = replaces };
        await store.AddAsync([TestDeliveries.New(unique: unique)], Cancel);
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using var changing = await connection.BeginTransactionAsync(Cancel);
        var transaction = await ScalarAsync(connection, "SELECT pg_current_xact_id()::text FROM (SELECT id FROM {schema}.deliveries FOR UPDATE) AS d");
        var later = TestDeliveries.New(unique: unique, payload: "later"u8.ToArray());

        var adding = Task.Run(async () => await store.AddAsync([later], Cancel), Cancel);
        while (!adding.IsCompleted
            && await _place.ReadAsync<long>($"SELECT count(*) FROM pg_locks WHERE NOT granted AND transactionid = '{transaction}'::xid") == 0)
        {
        }

        await ScalarAsync(connection, $"WITH changed AS (UPDATE {{schema}}.deliveries SET {change} RETURNING id) SELECT count(*)::text FROM changed");
        await changing.CommitAsync(Cancel);
        await adding;

        later.IsDuplicate.ShouldBeFalse();
        (await _place.ReadAsync<long>("SELECT count(*) FROM {schema}.deliveries WHERE payload = 'later'::bytea AND holds_unique AND state = 1")).ShouldBe(1);
    }

    [Fact]
    public async Task One_that_was_passed_over_is_leased_though_very_many_behind_it_were_leased_meanwhile()
    {
        const int many = 3_000;
        var store = await _place.OpenAsync();
        var unique = new DeliveryUniqueness("u", UniqueUntil.Started);
        var first = TestDeliveries.New(unique: unique);
        await store.AddAsync([first], Cancel);
        await store.AddAsync([.. Enumerable.Range(0, many).Select(_ => TestDeliveries.New())], Cancel);
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await store.AddAsync(transaction, [TestDeliveries.New(unique: unique)], Cancel);
        var now = TestDeliveries.Time.AddSeconds(1);
        for (var leased = 0; leased < many; leased += 100)
        {
            (await LeaseAsync(now)).Count.ShouldBe(100);
        }

        await transaction.CommitAsync(Cancel);

        (await LeaseAsync(now)).ShouldHaveSingleItem().Id.ShouldBe(first.Id);

        ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(DateTimeOffset at) =>
            store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", at.AddMinutes(1)), at, 100), Cancel);
    }

    [Fact]
    public async Task A_person_who_retries_one_whose_key_an_open_transaction_has_is_told_and_waits_no_longer()
    {
        var store = await _place.OpenAsync();
        var unique = new DeliveryUniqueness("u", UniqueUntil.Done);
        await store.AddAsync([TestDeliveries.New(unique: unique)], Cancel);
        var now = TestDeliveries.Time.AddSeconds(1);
        var failed = (await store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", now.AddMinutes(1)), now, 1), Cancel)).ShouldHaveSingleItem();
        await store.SettleAsync([new Settlement { Delivery = failed, Outcome = DeliveryOutcome.Failed, At = now, Error = "no coffee" }], Cancel);
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await store.AddAsync(transaction, [TestDeliveries.New(unique: unique)], Cancel);

        (await Should.ThrowAsync<DeliveryStoreException>(async () => await store.RetryAsync([failed.Id], now, Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancel)))
            .Message.ShouldContain("Nothing has changed. Another transaction");

        await transaction.RollbackAsync(Cancel);
        (await store.RetryAsync([failed.Id], now, Cancel)).ShouldBe(1);
    }

    private async Task<string> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(_place.Fill(sql), connection);
        return (string)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
