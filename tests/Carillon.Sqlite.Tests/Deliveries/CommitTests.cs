using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Sqlite.Deliveries;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Tests.Deliveries;

/// <summary>A transaction of the application takes along what the store has to settle.</summary>
public sealed class CommitTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SqliteFile _file = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task What_waits_to_be_settled_is_settled_with_the_commit_while_the_turn_lasts()
    {
        var store = await _file.OpenStoreAsync();
        var leased = await AddAndLeaseAsync(store);
        var connection = _file.Connect();
        using var turn = await store.TakeTurnAsync(connection, Cancel);
        using var transaction = connection.BeginTransaction();
        var settling = SettleAsync(store, leased);

        await store.CommitAsync(transaction, [TestDeliveries.New()], Cancel);

        (await settling).ShouldBeEmpty();
        _file.CountRows().ShouldBe(1);
    }

    [Fact]
    public async Task What_was_settled_by_another_before_is_told_as_lost()
    {
        var store = await _file.OpenStoreAsync();
        var leased = await AddAndLeaseAsync(store);
        await SettleAsync(store, leased);
        var connection = _file.Connect();
        using var turn = await store.TakeTurnAsync(connection, Cancel);
        using var transaction = connection.BeginTransaction();
        var settling = SettleAsync(store, leased);

        await store.CommitAsync(transaction, [TestDeliveries.New()], Cancel);

        (await settling).ShouldBe([leased]);
    }

    [Fact]
    public async Task A_connection_that_commits_less_durably_than_the_store_takes_nothing_along()
    {
        var store = await _file.OpenStoreAsync(options => options.Synchronous = SqliteSynchronous.Full);
        var leased = await AddAndLeaseAsync(store);
        var connection = _file.Connect();
        Execute(connection, "PRAGMA synchronous = NORMAL");
        Task<IReadOnlyList<LeasedDelivery>> settling;
        using (await store.TakeTurnAsync(connection, Cancel))
        {
            using var transaction = connection.BeginTransaction();
            settling = SettleAsync(store, leased);
            await store.CommitAsync(transaction, [TestDeliveries.New()], Cancel);
            settling.IsCompleted.ShouldBeFalse();
            _file.CountRows().ShouldBe(2);
        }

        (await settling).ShouldBeEmpty();
        _file.CountRows().ShouldBe(1);
    }

    [Fact]
    public async Task A_commit_that_is_refused_settles_nothing_and_the_store_does_so_itself()
    {
        var store = await _file.OpenStoreAsync();
        var leased = await AddAndLeaseAsync(store);
        var connection = _file.Connect();
        Execute(connection, "PRAGMA foreign_keys = 1; CREATE TABLE poll (id INTEGER PRIMARY KEY, topic INTEGER REFERENCES poll (id) DEFERRABLE INITIALLY DEFERRED)");
        Task<IReadOnlyList<LeasedDelivery>> settling;
        using (await store.TakeTurnAsync(connection, Cancel))
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, "INSERT INTO poll (topic) VALUES (7)", transaction);
            settling = SettleAsync(store, leased);
            await Should.ThrowAsync<SqliteException>(async () => await store.CommitAsync(transaction, [TestDeliveries.New()], Cancel));
            transaction.Rollback();
            _file.CountRows().ShouldBe(1);
        }

        (await settling).ShouldBeEmpty();
        _file.CountRows().ShouldBe(0);
    }

    [Fact]
    public async Task A_settlement_that_fails_does_not_fail_the_commit_and_its_caller_is_told()
    {
        var store = await _file.OpenStoreAsync();
        var leased = await AddAndLeaseAsync(store);
        _file.Execute("CREATE TRIGGER never BEFORE DELETE ON carillon_deliveries BEGIN SELECT RAISE(ABORT, 'not to be removed'); END");
        var connection = _file.Connect();
        Task<IReadOnlyList<LeasedDelivery>> settling;
        NewDelivery[] added = [TestDeliveries.New(), TestDeliveries.New()];
        using (await store.TakeTurnAsync(connection, Cancel))
        {
            using var transaction = connection.BeginTransaction();
            settling = SettleAsync(store, leased);
            await store.CommitAsync(transaction, added, Cancel);
            _file.CountRows().ShouldBe(3);
        }

        (await Should.ThrowAsync<DeliveryStoreException>(settling)).Message.ShouldContain("not to be removed");
        (await LeaseAsync(store)).Select(delivery => delivery.Id).ShouldBe(added.Select(delivery => delivery.Id));
    }

    [Fact]
    public async Task Deliveries_that_cannot_be_written_are_not_committed_and_nothing_is_settled_with_them()
    {
        var store = await _file.OpenStoreAsync();
        var leased = await AddAndLeaseAsync(store);
        _file.Execute("CREATE TABLE poll (id INTEGER PRIMARY KEY)");
        _file.Execute("CREATE TRIGGER never BEFORE INSERT ON carillon_deliveries BEGIN SELECT RAISE(ABORT, 'no more'); END");
        var connection = _file.Connect();
        Task<IReadOnlyList<LeasedDelivery>> settling;
        using (await store.TakeTurnAsync(connection, Cancel))
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, "INSERT INTO poll (id) VALUES (1)", transaction);
            settling = SettleAsync(store, leased);
            (await Should.ThrowAsync<DeliveryStoreException>(async () => await store.CommitAsync(transaction, [TestDeliveries.New()], Cancel))).Message.ShouldContain("no more");
            settling.IsCompleted.ShouldBeFalse();
            transaction.Rollback();
        }

        (await settling).ShouldBeEmpty();
        _file.CountRows().ShouldBe(0);
        Read(connection, "SELECT COUNT(*) FROM poll").ShouldBe(0);
    }

    [Fact]
    public async Task What_others_wait_for_is_not_taken_along_and_has_its_turn()
    {
        var store = await _file.OpenStoreAsync();
        var connection = _file.Connect();
        Task adding;
        using (await store.TakeTurnAsync(connection, Cancel))
        {
            using var transaction = connection.BeginTransaction();
            adding = store.AddAsync([TestDeliveries.New()], Cancel).AsTask();
            await store.CommitAsync(transaction, [TestDeliveries.New()], Cancel);
            adding.IsCompleted.ShouldBeFalse();
        }

        await adding;
        _file.CountRows().ShouldBe(2);
    }

    [Fact]
    public async Task What_was_taken_along_is_told_before_the_store_is_closed()
    {
        var store = await _file.OpenStoreAsync();
        var leased = await AddAndLeaseAsync(store);
        var connection = _file.Connect();
        Task<IReadOnlyList<LeasedDelivery>> settling;
        using (await store.TakeTurnAsync(connection, Cancel))
        {
            using var transaction = connection.BeginTransaction();
            settling = SettleAsync(store, leased);
            await store.CommitAsync(transaction, [TestDeliveries.New()], Cancel);
        }

        await store.DisposeAsync();

        settling.IsCompleted.ShouldBeTrue();
        (await settling).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_connection_that_is_closed_lets_go_of_the_file()
    {
        var store = await _file.OpenStoreAsync();
        var connection = _file.Connect();
        for (var time = 0; time < 2; time++)
        {
            using (var transaction = connection.BeginTransaction())
            {
                await store.CommitAsync(transaction, [TestDeliveries.New()], Cancel);
            }

            connection.Close();
            connection.Open();
        }

        connection.Close();
        await store.DisposeAsync();

        // Whoever closes the file last takes the log away.
        File.Exists(_file.Path + "-wal").ShouldBeFalse();
    }

    private static async Task<LeasedDelivery> AddAndLeaseAsync(SqliteDeliveryStore store)
    {
        await store.AddAsync([TestDeliveries.New()], Cancel);
        return (await LeaseAsync(store)).ShouldHaveSingleItem();
    }

    private static async Task<IReadOnlyList<LeasedDelivery>> LeaseAsync(SqliteDeliveryStore store) =>
        await store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", Now.AddMinutes(1)), Now, 10), Cancel);

    private static Task<IReadOnlyList<LeasedDelivery>> SettleAsync(SqliteDeliveryStore store, LeasedDelivery delivery) =>
        store.SettleAsync([new Settlement { Delivery = delivery, Outcome = DeliveryOutcome.Completed, At = Now }], Cancel).AsTask();

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        command.ExecuteNonQuery();
    }

    private static long Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
