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
    private readonly PostgresPlace _place = new();
    private readonly ConcurrentQueue<int> _ran = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact] // B11. A place that is kept for each of those that wait, and not given back, would be all places soon.
    public async Task Many_of_one_key_wait_in_the_store_while_the_first_is_at_work_and_then_run_in_their_order()
    {
        const int last = 60;
        var (started, go, done) = (NewSignal(), NewSignal(), NewSignal());
        await using var application = await StartAsync(async number =>
        {
            _ran.Enqueue(number);
            started.TrySetResult();
            await go.Task;
            if (number == last)
            {
                done.TrySetResult();
            }
        });
        await CommitAsync(application, 0, "a");
        await started.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancel);
        for (var number = 1; number <= last; number++)
        {
            await CommitAsync(application, number, "a");
        }

        go.SetResult();
        await done.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancel);

        _ran.ShouldBe(Enumerable.Range(0, last + 1));
    }

    [Fact] // Until the worker has seen that nothing is left in the store, what comes is left there too: that is over in a moment.
    public async Task Those_whose_keys_are_free_start_without_being_written_once_more()
    {
        const int events = 40;
        var ran = new SemaphoreSlim(0);
        await using var application = await StartAsync(_ =>
        {
            ran.Release();
            return Task.CompletedTask;
        });
        await _place.ExecuteAsync("CREATE TABLE {schema}.changes (id bigint)");
        await _place.ExecuteAsync("CREATE FUNCTION {schema}.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO {schema}.changes VALUES (NEW.id); RETURN NEW; END $$");
        await _place.ExecuteAsync("CREATE TRIGGER note BEFORE UPDATE ON {schema}.deliveries FOR EACH ROW EXECUTE FUNCTION {schema}.note()");

        for (var number = 0; number < events; number++)
        {
            await CommitAsync(application, number, $"key {number}");
            (await ran.WaitAsync(TimeSpan.FromMinutes(1), Cancel)).ShouldBeTrue();
        }

        (await _place.ReadAsync<long>("SELECT count(*) FROM {schema}.changes")).ShouldBeLessThan(events / 2);
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

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task CommitAsync(Application application, int number, string key)
    {
        await using var scope = application.Services.CreateAsyncScope();
        await using var connection = await scope.ServiceProvider.GetRequiredService<IDeliveryStore>().OpenConnectionAsync(Cancel);
        await using var work = await scope.ServiceProvider.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancel);
        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced(number), new DeliveryOptions { Key = key }, Cancel);
        await work.CommitAsync(Cancel);
    }

    // As narrow as it can be: a place for one at work, one that waits, and a few that have just been committed.
    private Task<Application> StartAsync(Func<int, Task> listen) => Application.StartAsync(carillon => carillon
        .UsePostgres(options => (options.ConnectionString, options.Schema) = (PostgresPlace.ConnectionString, _place.Schema))
        .ConfigureWorker(worker => (worker.MaxConcurrency, worker.BatchSize) = (1, 1))
        .Listen<OrderPlaced>(async e => await listen(e.Number), options => (options.Delivery, options.Id, options.Ordered) = (Delivery.Durable, "receipt", true)));
}
