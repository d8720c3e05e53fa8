using Carillon.Conformance;
using Carillon.Deliveries;

namespace Carillon.Sqlite.Tests.Deliveries;

/// <summary>Files whose tables an earlier version has made.</summary>
public sealed class MigrationTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SqliteFile _file = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task Deliveries_of_version_1_keep_all_that_they_were()
    {
        MakeVersion1();

        var store = await _file.OpenStoreAsync();

        Read("SELECT group_concat(version) FROM carillon_schema").ShouldBe("1,2,3,4,5");
        (await store.CountAsync(Now.AddMinutes(-2), Cancel)).ShouldBe(
            Enum.GetValues<DeliveryState>().Where(state => state < DeliveryState.Cancelled).ToDictionary(state => state, _ => 1L), ignoreOrder: true);
        var failed = (await store.FindAsync(5, Now, Cancel)).ShouldNotBeNull();
        failed.Delivery.ShouldBe(new DeliverySnapshot
        {
            Id = 5,
            State = DeliveryState.Failed,
            EventId = new Guid(Convert.FromHexString("00112233445566778899AABBCCDDEEFF"), bigEndian: true),
            EventName = "poll.created",
            ListenerId = "Sitemap",
            Attempts = 3,
            CreatedAt = Now.AddHours(-1),
            DueAt = Now.AddMinutes(-1),
            Owner = "a worker",
            Error = "the disk burns",
            CorrelationId = "correlation",
            Queue = Queues.Default,
        });
        failed.Envelope.EventVersion.ShouldBe(2);
        failed.Envelope.CausationId.ShouldBe(failed.Envelope.Id);
        failed.Envelope.TraceParent.ShouldBe("parent");
        failed.Envelope.TraceState.ShouldBe("trace");
        failed.Envelope.Payload.ToArray().ShouldBe("{}"u8.ToArray());
        failed.FailedAttempts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Deliveries_of_version_1_go_on()
    {
        MakeVersion1();
        var store = await _file.OpenStoreAsync();
        var held = new LeasedDelivery { Id = 3, Token = 7, Attempt = 3, ListenerId = "Sitemap", Envelope = TestDeliveries.New().Envelope };

        (await store.SettleAsync([new Settlement { Delivery = held, Outcome = DeliveryOutcome.Completed, At = Now }], Cancel)).ShouldBeEmpty();
        var leased = await store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", Now.AddMinutes(1)), Now, 10), Cancel);

        leased.Select(delivery => (delivery.Id, delivery.Token, delivery.Attempt)).ShouldBe([(1, 8, 4), (2, 8, 4)]);
    }

    [Fact]
    public async Task An_id_that_version_1_has_given_is_never_given_again()
    {
        MakeVersion1();
        _file.Execute("DELETE FROM carillon_deliveries");
        var store = await _file.OpenStoreAsync();
        var added = TestDeliveries.New();

        await store.AddAsync([added], Cancel);

        added.Id.ShouldBe(8);
    }

    [Fact]
    public async Task Ten_stores_can_migrate_one_file_at_once()
    {
        MakeVersion1();
        var stores = Enumerable.Range(0, 10).Select(_ => _file.CreateStore(options => options.BusyTimeout = TimeSpan.FromMinutes(1))).ToList();
        using var start = new Barrier(stores.Count);

        await Task.WhenAll(stores.Select(store => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(Cancel);
                return store.PrepareAsync(Cancel).AsTask();
            },
            Cancel,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));

        Read("SELECT group_concat(version) FROM carillon_schema").ShouldBe("1,2,3,4,5");
        _file.CountRows().ShouldBe(7);
    }

    [Fact]
    public async Task A_migration_that_fails_changes_nothing_and_is_made_when_its_cause_is_gone()
    {
        MakeVersion1();
        _file.Execute("CREATE TABLE carillon_inbox (id INTEGER)");

        var exception = await Should.ThrowAsync<DeliveryStoreException>(async () => await _file.OpenStoreAsync());

        exception.Message.ShouldContain("carillon_inbox");
        exception.Message.ShouldContain(_file.Path);
        Read("SELECT group_concat(version) FROM carillon_schema").ShouldBe("1");
        _file.CountRows().ShouldBe(7);
        _file.Execute("DROP TABLE carillon_inbox");
        await _file.OpenStoreAsync();
        Read("SELECT group_concat(version) FROM carillon_schema").ShouldBe("1,2,3,4,5");
        _file.CountRows().ShouldBe(7);
    }

    [Fact]
    public async Task Views_of_the_application_do_not_matter_not_even_broken_ones()
    {
        MakeVersion1();
        _file.Execute("CREATE VIEW broken AS SELECT * FROM what_is_gone; CREATE VIEW failed AS SELECT id FROM carillon_deliveries WHERE state = 4");

        await _file.OpenStoreAsync();

        Read("SELECT group_concat(id) FROM failed").ShouldBe("5");
    }

    /// <summary>A delivery in each state there was, in its third attempt under its seventh token, and as many ids given.</summary>
    private void MakeVersion1()
    {
        _file.Execute("PRAGMA journal_mode = WAL");
        _file.Execute("CREATE TABLE carillon_schema (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)");
        _file.Execute(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Deliveries", "0001_deliveries.sql")));
        _file.Execute("INSERT INTO carillon_schema (version) VALUES (1)");
        for (var state = 0; state < 7; state++)
        {
            _file.Execute(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"""
                INSERT INTO carillon_deliveries (state, due_at, token, attempt, keep_until, owner, listener, event_id, event_name, event_version,
                    created_at, correlation, causation, trace_parent, trace_state, error, payload)
                VALUES ({state}, {Ticks(state == 2 ? Now.AddMinutes(1) : Now.AddMinutes(-1))}, 7, 3, {(state == 3 ? Ticks(Now.AddDays(1)) : "NULL")}, 'a worker', 'Sitemap',
                    x'00112233445566778899AABBCCDDEEFF', 'poll.created', 2, {Ticks(Now.AddHours(-1))}, 'correlation',
                    x'00112233445566778899AABBCCDDEEFF', 'parent', 'trace', 'the disk burns', x'7B7D')
                """));
        }
    }

    private static string Ticks(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private string? Read(string sql)
    {
        using var command = _file.Connect().CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }
}
