using Carillon.Conformance;
using Carillon.Deliveries;

namespace Carillon.Sqlite.Tests.Deliveries;

public sealed class SchemaTests : IAsyncDisposable
{
    private readonly SqliteFile _file = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    [Fact]
    public async Task Ten_stores_can_prepare_one_new_file_at_once()
    {
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
        await Task.WhenAll(stores.Select(store => store.AddAsync([TestDeliveries.New()], Cancel).AsTask()));
        _file.CountRows().ShouldBe(10);
    }

    [Fact]
    public async Task Preparing_again_changes_nothing()
    {
        var store = await _file.OpenStoreAsync();
        await store.AddAsync([TestDeliveries.New()], Cancel);

        await store.PrepareAsync(Cancel);
        await _file.OpenStoreAsync();

        _file.CountRows().ShouldBe(1);
    }

    [Fact]
    public async Task Tables_that_are_newer_than_the_code_are_refused_and_left_as_they_are()
    {
        await (await _file.OpenStoreAsync()).DisposeAsync();
        _file.Execute("INSERT INTO carillon_schema (version) VALUES (99)");

        var exception = await Should.ThrowAsync<DeliveryStoreException>(async () => await _file.OpenStoreAsync());

        exception.Message.ShouldContain(_file.Path);
        exception.Message.ShouldContain("version 99");
        exception.Message.ShouldContain("knows up to 5");
        exception.Message.ShouldContain("or a later one");
        Read("SELECT group_concat(version) FROM carillon_schema").ShouldBe("1,2,3,4,5,99");
    }

    [Fact]
    public async Task A_file_from_before_there_were_sagas_gets_their_tables_and_keeps_its_deliveries()
    {
        var before = await _file.OpenStoreAsync();
        await before.AddAsync([TestDeliveries.New()], Cancel);
        await before.DisposeAsync();
        _file.Execute("DELETE FROM carillon_schema WHERE version = 4; DROP TABLE carillon_sagas; DROP TABLE carillon_saga_steps");

        var store = await _file.OpenStoreAsync();

        (await store.CountAsync(saga: null, Cancel)).ShouldBeEmpty();
        _file.CountRows().ShouldBe(1);
    }

    [Fact]
    public async Task The_file_is_switched_to_a_write_ahead_log_and_the_applications_tables_stay()
    {
        _file.Execute("CREATE TABLE polls (id INTEGER PRIMARY KEY); INSERT INTO polls VALUES (7)");

        await _file.OpenStoreAsync();

        Read("PRAGMA journal_mode").ShouldBe("wal");
        Read("SELECT id FROM polls").ShouldBe("7");
    }

    [Fact]
    public async Task A_reader_in_the_way_of_the_write_ahead_log_is_waited_for()
    {
        _file.Execute("CREATE TABLE polls (id INTEGER PRIMARY KEY)");
        using var application = _file.Connect();
        using var reading = application.BeginTransaction(deferred: true);
        using var command = application.CreateCommand();
        command.Transaction = reading;
        command.CommandText = "SELECT COUNT(*) FROM polls";
        command.ExecuteScalar();
        using var opened = new SemaphoreSlim(0);
        var preparing = _file.OpenStoreAsync(options =>
        {
            options.BusyTimeout = TimeSpan.FromMinutes(1);
            options.ConnectionOpened = _ => opened.Release();
        }).AsTask();
        await opened.WaitAsync(Cancel);

        reading.Rollback();
        await preparing;

        Read("PRAGMA journal_mode").ShouldBe("wal");
    }

    [Fact]
    public async Task The_schema_is_the_approved_one()
    {
        await _file.OpenStoreAsync();

        var schema = Read("SELECT group_concat(sql, char(10, 10)) FROM (SELECT sql FROM sqlite_master WHERE name LIKE 'carillon%' ORDER BY name)");

        var approved = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Deliveries", "schema.approved.sql"), Cancel);
        schema.ShouldBe(approved.TrimEnd(), "A migration that was shipped is never changed: add a new one, then approve the new schema.");
    }

    private string? Read(string sql)
    {
        using var command = _file.Connect().CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }
}
