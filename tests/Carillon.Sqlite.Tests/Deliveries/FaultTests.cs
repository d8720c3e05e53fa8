using Carillon.Conformance;
using Carillon.Deliveries;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Tests.Deliveries;

/// <summary>Files that cannot be read or written.</summary>
public sealed class FaultTests : IAsyncDisposable
{
    private const int PageSize = 4_096;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SqliteFile _file = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task A_read_only_database_is_refused_at_start()
    {
        await (await _file.OpenStoreAsync()).DisposeAsync();

        var exception = await Should.ThrowAsync<DeliveryStoreException>(
            async () => await _file.OpenStoreAsync(options => options.ConnectionString += ";Mode=ReadOnly"));

        exception.Message.ShouldContain(_file.Path);
        exception.Message.ShouldContain("readonly");
        exception.Message.ShouldContain("leave Mode=ReadOnly out of the connection string");
    }

    [Fact]
    public async Task A_database_that_became_read_only_fails_the_write_with_the_event_and_the_mend_and_can_still_be_read()
    {
        var isReadOnly = false;
        var store = await _file.OpenStoreAsync(options => options.ConnectionOpened = connection => Execute(connection, $"PRAGMA query_only = {isReadOnly}"));
        isReadOnly = true;

        var exception = await Should.ThrowAsync<DeliveryStoreException>(async () => await store.AddAsync([TestDeliveries.New("poll.created")], Cancel));

        exception.Message.ShouldContain("'poll.created'");
        exception.Message.ShouldContain(_file.Path);
        exception.Message.ShouldContain("right to write the file and its folder");
        (await store.CountAsync(Now, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_full_disk_fails_the_write_with_the_event_and_the_mend_and_loses_nothing()
    {
        var store = await _file.OpenStoreAsync(options => options.ConnectionOpened = static connection => Execute(connection, "PRAGMA max_page_count = 64"));
        var written = 0;
        DeliveryStoreException? exception = null;
        while (exception is null)
        {
            try
            {
                await store.AddAsync([TestDeliveries.New("poll.created", payload: new byte[PageSize])], Cancel);
                written++;
            }
            catch (DeliveryStoreException full)
            {
                exception = full;
            }
        }

        exception.Message.ShouldContain("'poll.created'");
        exception.Message.ShouldContain(_file.Path);
        exception.Message.ShouldContain("is full");
        exception.Message.ShouldContain("make room");
        written.ShouldBeInRange(10, 64);
        (await store.CountAsync(Now, Cancel))[DeliveryState.Ready].ShouldBe(written);
    }

    [Fact]
    public async Task What_a_worker_has_in_hand_can_be_settled_while_the_disk_is_full_and_makes_room()
    {
        var store = await _file.OpenStoreAsync(options => options.ConnectionOpened = static connection => Execute(connection, "PRAGMA max_page_count = 64"));
        var written = new List<NewDelivery>();
        await Should.ThrowAsync<DeliveryStoreException>(async () =>
        {
            while (true)
            {
                var delivery = TestDeliveries.New(payload: new byte[PageSize], lease: new DeliveryLease("worker", Now.AddMinutes(1)));
                await store.AddAsync([delivery], Cancel);
                written.Add(delivery);
            }
        });

        var lost = await store.SettleAsync([.. written.Take(5).Select(Completed)], Cancel);
        await store.AddAsync([TestDeliveries.New(payload: new byte[PageSize])], Cancel);

        lost.ShouldBeEmpty();
        _file.CountRows().ShouldBe(written.Count - 4);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_at_start_and_left_as_it_is()
    {
        var bytes = Garbage(3 * PageSize);
        await File.WriteAllBytesAsync(_file.Path, bytes, Cancel);

        var exception = await Should.ThrowAsync<DeliveryStoreException>(async () => await _file.OpenStoreAsync());

        exception.Message.ShouldContain(_file.Path);
        exception.Message.ShouldContain("not a database");
        exception.Message.ShouldContain("correct the path or the password");
        (await File.ReadAllBytesAsync(_file.Path, Cancel)).ShouldBe(bytes);
    }

    [Fact]
    public async Task A_damaged_file_fails_the_write_with_the_event_and_the_mend_and_works_again_once_it_is_restored()
    {
        var store = await _file.OpenStoreAsync();
        _file.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        var intact = await File.ReadAllBytesAsync(_file.Path, Cancel);
        byte[] damaged = [.. intact[..PageSize], .. Garbage(intact.Length - PageSize)];
        Overwrite(damaged);

        var exception = await Should.ThrowAsync<DeliveryStoreException>(async () => await store.AddAsync([TestDeliveries.New("poll.created")], Cancel));

        exception.Message.ShouldContain("'poll.created'");
        exception.Message.ShouldContain(_file.Path);
        exception.Message.ShouldContain("malformed");
        exception.Message.ShouldContain("restore a backup");
        Overwrite(intact);
        await store.AddAsync([TestDeliveries.New()], Cancel);
        _file.CountRows().ShouldBe(1);
    }

    [Fact]
    public async Task A_missing_folder_is_refused_at_start()
    {
        var path = Path.Combine(Path.GetDirectoryName(_file.Path)!, "missing", "polls.db");

        var exception = await Should.ThrowAsync<DeliveryStoreException>(
            async () => await _file.OpenStoreAsync(options => options.ConnectionString = $"Data Source={path}"));

        exception.Message.ShouldContain(path);
        exception.Message.ShouldContain("See that the folder exists");
    }

    [Fact]
    public async Task A_connection_that_cannot_be_opened_is_told_with_the_file_and_the_mend()
    {
        var store = await _file.OpenStoreAsync(options => options.ConnectionString += ";Pooling=False");
        _file.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        File.Move(_file.Path, _file.Path + ".away");
        Directory.CreateDirectory(_file.Path);

        var exception = await Should.ThrowAsync<DeliveryStoreException>(async () => await store.OpenConnectionAsync(Cancel));

        exception.Message.ShouldContain("open a connection");
        exception.Message.ShouldContain(_file.Path);
        exception.Message.ShouldContain("See that the folder exists");
    }

    [Fact]
    public async Task Full_or_not_the_next_of_a_key_has_its_turn_with_the_settlement_or_neither_happens()
    {
        var pages = 1_000;
        var store = await _file.OpenStoreAsync(options => options.ConnectionOpened = connection => Execute(connection, $"PRAGMA max_page_count = {pages}"));
        var key = new DeliveryKey("order 7") { IsOrdered = true };
        await store.AddAsync([TestDeliveries.New(key: key), TestDeliveries.New(key: key)], Cancel);
        var leased = (await store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker", Now.AddMinutes(1)), Now, 10), Cancel)).ShouldHaveSingleItem();
        await store.DisposeAsync();
        pages = 1;
        store = _file.CreateStore(options => options.ConnectionOpened = connection => Execute(connection, $"PRAGMA max_page_count = {pages}"));
        await store.PrepareAsync(Cancel);

        // A reason as long as a file makes the row grow beyond what is there.
        await Should.ThrowAsync<DeliveryStoreException>(async () => await store.SettleAsync(
            [new Settlement { Delivery = leased, Outcome = DeliveryOutcome.Discarded, At = Now, Error = new string('x', 100_000) }], Cancel));

        var counts = await store.CountAsync(Now, Cancel);
        counts[DeliveryState.Leased].ShouldBe(1);
        counts[DeliveryState.Parked].ShouldBe(1);
    }

    [Fact]
    public async Task A_store_that_is_not_prepared_says_so()
    {
        var store = _file.CreateStore();

        var exception = await Should.ThrowAsync<InvalidOperationException>(async () => await store.AddAsync([TestDeliveries.New()], Cancel));

        exception.Message.ShouldContain("PrepareAsync");
        (await Should.ThrowAsync<InvalidOperationException>(async () => await store.CountAsync(Now, Cancel))).Message.ShouldContain("PrepareAsync");
    }

    private static Settlement Completed(NewDelivery delivery) => new()
    {
        Delivery = new LeasedDelivery { Id = delivery.Id, Token = 1, Attempt = 1, ListenerId = delivery.ListenerId, Envelope = delivery.Envelope },
        Outcome = DeliveryOutcome.Completed,
        At = Now,
    };

    private static byte[] Garbage(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void Overwrite(byte[] bytes)
    {
        using var file = new FileStream(_file.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Write(bytes);
    }
}
