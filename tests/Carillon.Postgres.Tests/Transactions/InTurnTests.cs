using System.Collections.Concurrent;
using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Testing;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Postgres.Tests.Transactions;

/// <summary>Ordered deliveries that units of work commit: handed over in memory if it is their turn.</summary>
public sealed class InTurnTests : IAsyncDisposable
{
    private const int Free = 40;

    private readonly PostgresPlace _place = new();
    private readonly ConcurrentQueue<int> _ran = new();
    private readonly SemaphoreSlim _started = new(0);
    private readonly SemaphoreSlim _go = new(0);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        _started.Dispose();
        _go.Dispose();
        return _place.DisposeAsync();
    }

    [Fact] // Until the worker has seen that nothing is left in the store, what comes is left there too: that is over in a moment.
    public async Task Those_whose_keys_are_free_start_without_being_written_once_more()
    {
        await using var application = await StartAsync();
        _go.Release(Free);

        (await CountLeasesOfFreeKeysAsync(application)).ShouldBeLessThan(Free / 2);
    }

    [Fact] // B11
    public async Task One_whose_key_is_at_work_waits_its_turn_time_after_time()
    {
        const int rounds = 40;
        await using var application = await StartAsync();
        for (var round = 0; round < rounds; round++)
        {
            await CommitAsync(application, 2 * round, "a");
            await StartedAsync();
            await CommitAsync(application, (2 * round) + 1, "a");
            _go.Release();
            await StartedAsync();
            _go.Release();
        }

        _ran.ShouldBe(Enumerable.Range(0, 2 * rounds));
        _go.Release(Free);
        (await CountLeasesOfFreeKeysAsync(application)).ShouldBeLessThan(Free / 2);
    }

    [Fact]
    public async Task A_commit_that_fails_leaves_the_key_free()
    {
        var store = await _place.OpenAsync();
        await _place.ExecuteAsync("CREATE TABLE {schema}.orders (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
        await using var connection = await _place.Source.OpenConnectionAsync(Cancel);
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await using var insert = connection.CreateCommand();
            insert.CommandText = _place.Fill("INSERT INTO {schema}.orders VALUES (1), (1)");
            await insert.ExecuteNonQueryAsync(Cancel);
            await Should.ThrowAsync<Npgsql.PostgresException>(async () => await store.CommitAsync(transaction, [New()], Cancel));
        }

        await using var next = await connection.BeginTransactionAsync(Cancel);
        var delivery = New();
        await store.CommitAsync(next, [delivery], Cancel);

        delivery.Lease.ShouldNotBeNull();
        (await _place.ReadAsync<long>("SELECT count(*) FROM {schema}.deliveries")).ShouldBe(1);

        static NewDelivery New() => TestDeliveries.New(
            key: new DeliveryKey("order 1") { IsOrdered = true }, lease: new DeliveryLease("this process", TestDeliveries.Time.AddSeconds(30)));
    }

    private static async Task CommitAsync(Application application, int number, string key)
    {
        await using var scope = application.Services.CreateAsyncScope();
        await using var connection = await scope.ServiceProvider.GetRequiredService<IDeliveryStore>().OpenConnectionAsync(Cancel);
        await using var work = await scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancel);
        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced(number), new DeliveryOptions { Key = key }, Cancel);
        await work.CommitAsync(Cancel);
    }

    private async Task StartedAsync() => (await _started.WaitAsync(TimeSpan.FromMinutes(1), Cancel)).ShouldBeTrue($"after {_ran.Count} none has started any more");

    /// <summary>How often the row of one was written once more, to be leased.</summary>
    private async Task<long> CountLeasesOfFreeKeysAsync(Application application)
    {
        await _place.ExecuteAsync("CREATE TABLE {schema}.leases (id bigint)");
        await _place.ExecuteAsync("CREATE FUNCTION {schema}.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO {schema}.leases VALUES (NEW.id); RETURN NEW; END $$");
        await _place.ExecuteAsync("CREATE TRIGGER note BEFORE UPDATE ON {schema}.deliveries FOR EACH ROW EXECUTE FUNCTION {schema}.note()");
        for (var number = 0; number < Free; number++)
        {
            await CommitAsync(application, number, $"key {number}");
            await StartedAsync();
        }

        return await _place.ReadAsync<long>("SELECT count(*) FROM {schema}.leases");
    }

    // With few places, so that one that is lost each time is missed soon, and without word from others, after which the store is asked first.
    private Task<Application> StartAsync() => Application.StartAsync(carillon => carillon
        .UsePostgres(options => (options.ConnectionString, options.Schema, options.UseNotifications) = (PostgresPlace.ConnectionString, _place.Schema, false))
        .ConfigureWorker(worker => (worker.MaxConcurrency, worker.BatchSize) = (2, 4))
        .Listen<OrderPlaced>(
            async e =>
            {
                _ran.Enqueue(e.Number);
                _started.Release();
                await _go.WaitAsync(TimeSpan.FromMinutes(1), Cancel);
            },
            options => (options.Delivery, options.Id, options.Ordered) = (Delivery.Durable, "receipt", true)));
}
