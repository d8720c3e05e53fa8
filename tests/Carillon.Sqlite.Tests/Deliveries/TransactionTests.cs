using System.Data.Common;
using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Sqlite.Deliveries;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Tests.Deliveries;

/// <summary>Deliveries in the application's transactions.</summary>
public sealed class TransactionTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SqliteFile _file = new();
    private SqliteDeliveryStore _store = null!;
    private SqliteConnection _application = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await _file.OpenStoreAsync(options => options.BusyTimeout = TimeSpan.FromMilliseconds(20));
        _file.Execute("CREATE TABLE polls (id INTEGER PRIMARY KEY)");
        _application = _file.Connect();
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task What_was_written_in_a_transaction_is_there_for_others_when_it_is_committed_and_not_before()
    {
        NewDelivery[] added = [TestDeliveries.New(), TestDeliveries.New(listenerId: "Notify")];
        using var transaction = _application.BeginTransaction();
        await _store.AddAsync(transaction, added, Cancel);

        _file.CountRows().ShouldBe(0);
        transaction.Commit();

        _file.CountRows().ShouldBe(2);
        added.Select(delivery => delivery.Id).ShouldBe([1, 2]);
        var leased = await _store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", Now.AddMinutes(1)), Now, 10), Cancel);
        leased.Select(delivery => (delivery.Id, delivery.ListenerId)).ShouldBe([(1, "Sitemap"), (2, "Notify")]);
    }

    [Fact]
    public async Task What_was_written_in_a_transaction_is_gone_when_it_is_rolled_back()
    {
        using var transaction = _application.BeginTransaction();
        await _store.AddAsync(transaction, [TestDeliveries.New(), TestDeliveries.New()], Cancel);

        transaction.Rollback();

        _file.CountRows().ShouldBe(0);
        (await _store.GetNextDueAsync(DateTimeOffset.MinValue, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task What_the_store_commits_is_there_for_every_other_connection()
    {
        await _store.AddAsync([TestDeliveries.New()], Cancel);

        _file.CountRows().ShouldBe(1);
    }

    [Fact]
    public async Task When_one_of_several_cannot_be_written_none_is_and_the_transaction_can_go_on()
    {
        _file.Execute("CREATE TRIGGER refuse BEFORE INSERT ON carillon_deliveries WHEN NEW.listener = 'Bad' BEGIN SELECT RAISE(ABORT, 'refused'); END");
        using var transaction = _application.BeginTransaction();
        Execute(transaction, "INSERT INTO polls VALUES (7)");

        var exception = await Should.ThrowAsync<DeliveryStoreException>(
            async () => await _store.AddAsync(transaction, [TestDeliveries.New(), TestDeliveries.New("poll.closed", "Bad")], Cancel));
        transaction.Commit();

        exception.Message.ShouldContain("'poll.closed' for 'Bad'");
        exception.Message.ShouldContain("in the application's transaction");
        exception.Message.ShouldContain("refused");
        _file.CountRows().ShouldBe(0);
        Read("SELECT COUNT(*) FROM polls").ShouldBe(1);
    }

    [Fact]
    public async Task A_transaction_that_has_no_write_lock_yet_waits_for_it_and_then_fails_with_the_event_and_the_mend()
    {
        using var transaction = _application.BeginTransaction(deferred: true);
        using var other = _file.Connect();
        using var lockHolder = other.BeginTransaction();

        var exception = await Should.ThrowAsync<DeliveryStoreException>(
            async () => await _store.AddAsync(transaction, [TestDeliveries.New("poll.created")], Cancel));

        exception.Message.ShouldContain("'poll.created'");
        exception.Message.ShouldContain("BusyTimeout");
        lockHolder.Rollback();
        await _store.AddAsync(transaction, [TestDeliveries.New()], Cancel);
        transaction.Commit();
        _file.CountRows().ShouldBe(1);
    }

    [Fact]
    public async Task A_transaction_that_has_no_write_lock_yet_is_written_to_when_the_other_one_ends()
    {
        var patient = await _file.OpenStoreAsync(options => options.BusyTimeout = TimeSpan.FromMinutes(1));
        using var transaction = _application.BeginTransaction(deferred: true);
        using var other = _file.Connect();
        using var lockHolder = other.BeginTransaction();
        using var started = new SemaphoreSlim(0);

        var add = Task.Run(
            async () =>
            {
                started.Release();
                await patient.AddAsync(transaction, [TestDeliveries.New()], Cancel);
            },
            Cancel);
        await started.WaitAsync(Cancel);
        lockHolder.Rollback();
        await add;

        transaction.Commit();
        _file.CountRows().ShouldBe(1);
    }

    [Fact]
    public async Task A_transaction_that_has_read_before_another_one_wrote_fails_with_the_mend_for_that()
    {
        var patient = await _file.OpenStoreAsync(options => options.BusyTimeout = TimeSpan.FromMinutes(1));
        using var transaction = _application.BeginTransaction(deferred: true);
        Execute(transaction, "SELECT COUNT(*) FROM polls");
        _file.Execute("INSERT INTO polls VALUES (7)");

        var exception = await Should.ThrowAsync<DeliveryStoreException>(
            async () => await patient.AddAsync(transaction, [TestDeliveries.New("poll.created")], Cancel));

        exception.Message.ShouldContain("'poll.created'");
        exception.Message.ShouldContain("BeginTransaction() without deferred");
    }

    [Fact]
    public async Task A_transaction_that_has_ended_is_refused()
    {
        var transaction = _application.BeginTransaction();
        transaction.Commit();

        var exception = await Should.ThrowAsync<InvalidOperationException>(
            async () => await _store.AddAsync(transaction, [TestDeliveries.New()], Cancel));

        exception.Message.ShouldContain("committed or rolled back already");
    }

    [Fact]
    public async Task A_transaction_of_another_database_is_refused_and_nothing_is_written()
    {
        using var elsewhere = new SqliteConnection("Data Source=:memory:");
        elsewhere.Open();
        using var transaction = elsewhere.BeginTransaction();

        var exception = await Should.ThrowAsync<InvalidOperationException>(
            async () => await _store.AddAsync(transaction, [TestDeliveries.New()], Cancel));

        exception.Message.ShouldContain("':memory:'");
        exception.Message.ShouldContain(_file.Path);
    }

    [Fact]
    public void Connections_to_the_same_file_are_welcome_however_they_name_it()
    {
        _store.WhyNotIn(_application).ShouldBeNull();

        var folder = Path.GetDirectoryName(_file.Path)!;
        var linked = Path.Combine(folder, "linked.db");
        File.CreateSymbolicLink(linked, _file.Path);
        using var byLink = new SqliteConnection($"Data Source={linked};Pooling=False");
        byLink.Open();
        _store.WhyNotIn(byLink).ShouldBeNull();

        using var byRelativePath = new SqliteConnection($"Data Source={Path.GetRelativePath(Environment.CurrentDirectory, _file.Path)};Pooling=False");
        _store.WhyNotIn(byRelativePath).ShouldBeNull();
        byRelativePath.Open();
        _store.WhyNotIn(byRelativePath).ShouldBeNull();
    }

    [Fact]
    public void A_connection_to_another_file_is_refused_with_both_paths()
    {
        var other = Path.Combine(Path.GetDirectoryName(_file.Path)!, "other.db");
        using var connection = new SqliteConnection($"Data Source={other};Pooling=False");
        connection.Open();

        var reason = _store.WhyNotIn(connection).ShouldNotBeNull();

        reason.ShouldContain(other);
        reason.ShouldContain(_file.Path);
    }

    [Fact]
    public void A_connection_of_another_provider_is_refused_by_its_name()
    {
        using var connection = new OtherConnection();

        _store.WhyNotIn(connection).ShouldNotBeNull().ShouldContain(nameof(OtherConnection));
    }

    private static void Execute(SqliteTransaction transaction, string sql)
    {
        using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private long Read(string sql)
    {
        using var command = _application.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private sealed class OtherConnection : DbConnection
    {
        [System.Diagnostics.CodeAnalysis.AllowNull]
        public override string ConnectionString { get; set; } = "";

        public override string Database => "";

        public override string DataSource => "";

        public override string ServerVersion => "";

        public override System.Data.ConnectionState State => System.Data.ConnectionState.Open;

        public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

        public override void Close()
        {
        }

        public override void Open() => throw new NotSupportedException();

        protected override DbTransaction BeginDbTransaction(System.Data.IsolationLevel isolationLevel) => throw new NotSupportedException();

        protected override DbCommand CreateDbCommand() => throw new NotSupportedException();
    }
}
