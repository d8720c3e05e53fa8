using System.Collections;
using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Testing;
using Npgsql;

namespace Carillon.Postgres.Tests.Deliveries;

/// <summary>The names of queues, which are noted before anything is written to them.</summary>
public sealed class QueueTests : IAsyncDisposable
{
    private readonly PostgresPlace _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task Two_are_the_first_to_write_to_a_queue_and_one_is_overtaken_in_the_middle_of_it()
    {
        var store = await _place.OpenAsync();
        using var slow = new SlowList(TestDeliveries.New(queue: "mail"));
        var adding = Task.Run(async () => await store.AddAsync(slow, Cancel), Cancel);
        await slow.Reached.WaitAsync(TimeSpan.FromMinutes(1), Cancel);
        await store.AddAsync([TestDeliveries.New(queue: "mail")], Cancel);

        slow.GoOn();
        await adding;

        (await store.ListQueuesAsync(TestDeliveries.Time, Cancel)).ShouldHaveSingleItem();
        (await store.CountAsync(TestDeliveries.Time, Cancel))[DeliveryState.Ready].ShouldBe(2);
    }

    [Fact] // The name needs a connection of its own, and each of them waits with one in its hands
    public async Task As_many_transactions_as_the_pool_has_connections_are_the_first_to_write_to_a_queue()
    {
        await using var pool = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(PostgresPlace.ConnectionString) { MaxPoolSize = 2, Timeout = 20 });
        var store = await _place.OpenAsync(options => (options.ConnectionString, options.DataSource) = ("", pool));
        await using (var one = await pool.OpenConnectionAsync(Cancel))
        await using (var other = await pool.OpenConnectionAsync(Cancel))
        await using (var first = await one.BeginTransactionAsync(Cancel))
        await using (var second = await other.BeginTransactionAsync(Cancel))
        {
            await Task.WhenAll(
                store.CommitAsync(first, [TestDeliveries.New(queue: "mail")], Cancel).AsTask(),
                store.CommitAsync(second, [TestDeliveries.New(queue: "mail")], Cancel).AsTask());
        }

        await store.AddAsync([TestDeliveries.New(queue: "mail")], Cancel);
        (await store.ListQueuesAsync(TestDeliveries.Time, Cancel)).ShouldHaveSingleItem().Waiting.ShouldBe(3);
    }

    [Fact]
    public async Task What_has_been_written_to_before_is_known_from_the_start()
    {
        await (await _place.OpenAsync()).AddAsync([TestDeliveries.New(queue: "mail")], Cancel);
        await using var pool = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(PostgresPlace.ConnectionString) { MaxPoolSize = 1, Timeout = 20 });
        var store = await _place.OpenAsync(options => (options.ConnectionString, options.DataSource) = ("", pool), new SimulatedTime());
        await using (var connection = await pool.OpenConnectionAsync(Cancel))
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await store.CommitAsync(transaction, [TestDeliveries.New(queue: "mail")], Cancel);
        }

        (await store.ListQueuesAsync(TestDeliveries.Time, Cancel)).ShouldHaveSingleItem().Waiting.ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_is_told_that_the_name_cannot_be_noted_asks_again()
    {
        var store = await _place.OpenAsync();
        await _place.ExecuteAsync("ALTER TABLE {schema}.queues RENAME TO hidden");

        await Should.ThrowAsync<DeliveryStoreException>(async () => await store.AddAsync([TestDeliveries.New(queue: "mail")], Cancel));
        await _place.ExecuteAsync("ALTER TABLE {schema}.hidden RENAME TO queues");
        await store.AddAsync([TestDeliveries.New(queue: "mail")], Cancel);

        (await store.ListQueuesAsync(TestDeliveries.Time, Cancel)).ShouldHaveSingleItem().Waiting.ShouldBe(1);
    }

    /// <summary>Whoever goes through it, rather than asking for one by its place, waits at its beginning.</summary>
    private sealed class SlowList(NewDelivery delivery) : IReadOnlyList<NewDelivery>, IDisposable
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _go = new();

        public int Count => 1;

        internal Task Reached => _reached.Task;

        public NewDelivery this[int index] => delivery;

        public IEnumerator<NewDelivery> GetEnumerator()
        {
            _reached.TrySetResult();
            _go.Wait(Cancel);
            yield return delivery;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public void Dispose() => _go.Dispose();

        internal void GoOn() => _go.Set();
    }
}
