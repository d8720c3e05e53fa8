using Carillon.Deliveries;

namespace Carillon.Postgres.Tests.Schema;

public sealed class MigrationTests : IAsyncDisposable
{
    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task Ten_stores_can_prepare_one_new_database_at_once()
    {
        var stores = Enumerable.Range(0, 10).Select(_ => _place.Create()).ToList();
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

        (await VersionsAsync()).ShouldBe("1,2,3,4,5,6");
        await Task.WhenAll(stores.Select(store => store.AddAsync([TestDeliveries.New()], Cancel).AsTask()));
        (await CountAsync()).ShouldBe(10);
    }

    [Fact]
    public async Task Preparing_again_changes_nothing()
    {
        var store = await _place.OpenAsync();
        await store.AddAsync([TestDeliveries.New()], Cancel);

        await store.PrepareAsync(Cancel);
        await _place.OpenAsync();

        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Tables_that_are_newer_than_the_code_are_refused_and_left_as_they_are()
    {
        await _place.OpenAsync();
        await _place.ExecuteAsync("INSERT INTO {schema}.migrations (version) VALUES (99)");

        var exception = await Should.ThrowAsync<DeliveryStoreException>(async () => await _place.OpenAsync());

        exception.Message.ShouldContain(_place.Schema);
        exception.Message.ShouldContain("of version 99");
        exception.Message.ShouldContain("knows up to 6");
        exception.Message.ShouldContain("or a later one");
        (await VersionsAsync()).ShouldBe("1,2,3,4,5,6,99");
    }

    [Fact]
    public async Task Who_applies_the_migrations_himself_is_told_what_is_missing_and_does_it_with_the_script()
    {
        var exception = await Should.ThrowAsync<DeliveryStoreException>(async () => await _place.OpenAsync(options => options.ApplyMigrations = false));
        exception.Message.ShouldContain($"PostgresMigrations.Script(0, \"{_place.Schema}\")");

        await _place.ExecuteAsync(PostgresMigrations.Script(0, _place.Schema));

        var store = await _place.OpenAsync(options => options.ApplyMigrations = false);
        await store.AddAsync([TestDeliveries.New()], Cancel);
        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task What_is_missing_is_applied_whatever_came_before_it()
    {
        await _place.ExecuteAsync(PostgresMigrations.Script(0, _place.Schema));
        await _place.ExecuteAsync("DROP TABLE {schema}.deliveries; DELETE FROM {schema}.migrations WHERE version = 1; DROP TABLE {schema}.queues; DROP TABLE {schema}.inbox");

        var store = await _place.OpenAsync();

        (await VersionsAsync()).ShouldBe("1,2,3,4,5,6");
        await store.AddAsync([TestDeliveries.New()], Cancel);
        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public void The_script_from_the_version_that_is_there_makes_nothing_that_is_there() =>
        PostgresMigrations.Script(PostgresMigrations.Version).ShouldNotContain("CREATE INDEX");

    /// <summary>A migration that was released is never changed: what changes the tables is a new one.</summary>
    [Fact]
    public void The_migrations_are_those_that_were_approved()
    {
        var approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Schema", "schema.approved.sql"));

        PostgresMigrations.Script().ShouldBe(approved);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Carillon")]
    [InlineData("1st")]
    [InlineData("pg_carillon")]
    [InlineData("a\"b")]
    [InlineData("a; DROP SCHEMA public")]
    [InlineData("a_name_that_is_so_long_that_it_has_no_room")]
    public void A_schema_with_a_name_that_would_want_quotes_is_refused(string name)
    {
        var exception = Should.Throw<CarillonException>(() => _place.Create(options => options.Schema = name));

        exception.Message.ShouldContain($"'{name}'");
    }

    [Fact]
    public async Task Two_schemas_in_one_database_have_nothing_to_do_with_each_other()
    {
        await using var other = new PostgresPlace();
        var store = await _place.OpenAsync();
        var otherStore = await other.OpenAsync();

        await store.AddAsync([TestDeliveries.New()], Cancel);

        (await otherStore.CountAsync(DateTimeOffset.UnixEpoch, Cancel)).ShouldBeEmpty();
    }

    private ValueTask<string> VersionsAsync() => _place.ReadAsync<string>("SELECT string_agg(version::text, ',' ORDER BY version) FROM {schema}.migrations");

    private ValueTask<long> CountAsync() => _place.ReadAsync<long>("SELECT count(*) FROM {schema}.deliveries");
}
