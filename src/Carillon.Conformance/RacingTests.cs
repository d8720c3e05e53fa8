using System.Collections.Concurrent;
using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>Many processes at once: order, limits, uniqueness and cancelling hold all the same.</summary>
public abstract class RacingTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    private const int Workers = 8;

    [Fact]
    public async Task Eight_workers_keep_the_order_of_sixteen_keys() // 312
    {
        const int keys = 16, each = 40;
        await Store.AddAsync([.. Enumerable.Range(0, keys * each).Select(i => Keyed($"order {i % keys}", isOrdered: true))], Cancel);
        var heard = new ConcurrentDictionary<string, ConcurrentQueue<long>>();
        var running = new ConcurrentDictionary<string, long>();

        await WorkAsync(
            keys * each,
            begin: delivery =>
            {
                running.TryAdd(delivery.Key!, delivery.Id).ShouldBeTrue($"{delivery.Key} is run by two at once");
                heard.GetOrAdd(delivery.Key!, _ => new()).Enqueue(delivery.Id);
            },
            end: delivery =>
            {
                running.TryRemove(delivery.Key!, out _);

                // Every fifth comes once more, and those behind it wait for it.
                return delivery.Attempt == 1 && delivery.Id % 5 == 0 ? DeliveryOutcome.Retry : DeliveryOutcome.Completed;
            });

        heard.Count.ShouldBe(keys);
        foreach (var (key, ids) in heard)
        {
            ids.Count.ShouldBe(each + ids.Distinct().Count(id => id % 5 == 0), key);
            ids.ShouldBe(ids.Order());
        }
    }

    [Fact]
    public async Task Eight_workers_run_no_more_of_a_key_than_may_be() // 329
    {
        const int limit = 3, count = 150;
        await Store.AddAsync([.. Enumerable.Range(0, count).Select(i => Keyed($"customer {i % 2}", limit: limit))], Cancel);
        var running = new ConcurrentDictionary<string, int>();
        var most = 0;

        await WorkAsync(
            count,
            begin: delivery => InterlockedMax(ref most, running.AddOrUpdate(delivery.Key!, 1, (_, before) => before + 1)),
            end: delivery =>
            {
                running.AddOrUpdate(delivery.Key!, 0, (_, before) => before - 1);
                return DeliveryOutcome.Completed;
            });

        most.ShouldBeLessThanOrEqualTo(limit);
    }

    [Fact]
    public async Task Eight_workers_lease_no_more_of_a_queue_than_may_be()
    {
        const int limit = 5, count = 200;
        await Store.AddAsync([.. Enumerable.Range(0, count).Select(_ => TestDeliveries.New())], Cancel);
        var running = 0;
        var most = 0;

        await WorkAsync(
            count,
            begin: _ => InterlockedMax(ref most, Interlocked.Increment(ref running)),
            end: _ =>
            {
                Interlocked.Decrement(ref running);
                return DeliveryOutcome.Completed;
            },
            limit);

        most.ShouldBeLessThanOrEqualTo(limit);
    }

    [Fact]
    public async Task Of_eight_that_add_a_unique_one_at_once_one_does() // 219, 382
    {
        var stores = await OpenManyAsync();
        for (var round = 0; round < 15; round++)
        {
            var added = stores.Select(_ => TestDeliveries.New(unique: new DeliveryUniqueness($"round {round}", UniqueUntil.Done))).ToList();

            await Task.WhenAll(stores.Zip(added, (store, delivery) => Task.Run(async () => await store.AddAsync([delivery], Cancel), Cancel)));

            added.Count(delivery => !delivery.IsDuplicate).ShouldBe(1);
            added.Select(delivery => delivery.Id).Distinct().ShouldHaveSingleItem();
        }

        (await LeaseAsync()).Count.ShouldBe(15);
    }

    [Fact]
    public async Task Batches_with_the_same_unique_keys_in_another_order_do_not_block_each_other() // 382
    {
        var stores = await OpenManyAsync();
        var keys = Enumerable.Range(0, 20).Select(i => $"key {i}").ToList();

        await Task.WhenAll(stores.Select((store, number) => Task.Run(
            async () => await store.AddAsync(
                [.. (number % 2 == 0 ? keys : Enumerable.Reverse(keys)).Select(key => TestDeliveries.New(unique: new DeliveryUniqueness(key, UniqueUntil.Done)))],
                Cancel),
            Cancel)));

        (await LeaseAsync()).Count.ShouldBe(keys.Count);
    }

    [Fact]
    public async Task Of_bursts_that_eight_workers_meet_the_last_event_is_heard() // 255
    {
        const int bursts = 25, each = 12;
        var stores = await OpenManyAsync();
        var (heard, last) = (new ConcurrentDictionary<Guid, bool>(), new List<Guid>());
        var isWritten = false;

        async Task WriteAsync()
        {
            try
            {
                for (var burst = 0; burst < bursts; burst++)
                {
                    var unique = new DeliveryUniqueness($"burst {burst}", UniqueUntil.Started) { Replaces = true };
                    var events = Enumerable.Range(0, each).Select(_ => TestDeliveries.New(unique: unique)).ToList();
                    foreach (var delivery in events)
                    {
                        await Store.AddAsync([delivery], Cancel);
                    }

                    last.Add(events[^1].Envelope.Id);
                }
            }
            finally
            {
                Volatile.Write(ref isWritten, true);
            }
        }

        async Task WorkOneAsync(IDeliveryStore store)
        {
            for (var isOver = false; !isOver;)
            {
                var wasWritten = Volatile.Read(ref isWritten);
                var leased = await LeaseAsync(store: store);
                foreach (var delivery in leased)
                {
                    heard[delivery.Envelope.Id] = true;
                }

                await store.SettleAsync([.. leased.Select(delivery => Settle(delivery, DeliveryOutcome.Completed))], Cancel);
                isOver = wasWritten && leased.Count == 0;
            }
        }

        await Task.WhenAll(stores.Select(store => Task.Run(() => WorkOneAsync(store), Cancel)).Append(Task.Run(WriteAsync, Cancel)));

        last.Count.ShouldBe(bursts);
        last.Where(id => !heard.ContainsKey(id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_is_leased_cancelled_and_settled_at_once_ends_once() // 399, 449
    {
        var stores = await OpenManyAsync();
        for (var round = 0; round < 15; round++)
        {
            var leased = await AddAndLeaseAsync();

            var settling = stores.Take(4).Select((store, number) => Task.Run(
                async () => (await store.SettleAsync(
                    [Settle(leased, number % 2 == 0 ? DeliveryOutcome.Failed : DeliveryOutcome.Discarded)], Cancel)).Count == 0,
                Cancel)).ToList();
            var cancelling = stores.Skip(4).Select(store => Task.Run(
                async () => (await store.CancelAsync([leased.Id], Now, null, Cancel))[0], Cancel)).ToList();

            (await Task.WhenAll(settling)).Count(isSettled => isSettled).ShouldBe(1);
            (await Task.WhenAll(cancelling)).Count(result => result == CancelResult.Cancelled).ShouldBeLessThanOrEqualTo(1);
            (await StateOfAsync(leased.Id)).ShouldBeOneOf(DeliveryState.Failed, DeliveryState.Discarded, DeliveryState.Cancelled);
        }
    }

    [Fact]
    public async Task Of_eight_that_retry_and_lease_one_at_once_one_runs_it() // 234
    {
        var stores = await OpenManyAsync();
        for (var round = 0; round < 15; round++)
        {
            var failed = await AddAndLeaseAsync();
            await SettleAsync(failed, DeliveryOutcome.Failed);

            var runs = await Task.WhenAll(stores.Select((store, number) => Task.Run(
                async () =>
                {
                    await store.RetryAsync([failed.Id], Now, Cancel);
                    return (await LeaseAsync(store: store, owner: $"worker {number}")).Count;
                },
                Cancel)));

            runs.Sum().ShouldBe(1);
        }
    }

    private static NewDelivery Keyed(string key, bool isOrdered = false, int limit = 1) =>
        TestDeliveries.New(key: new DeliveryKey(key) { IsOrdered = isOrdered, Limit = limit });

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private async Task<List<IDeliveryStore>> OpenManyAsync()
    {
        List<IDeliveryStore> stores = [];
        while (stores.Count < Workers)
        {
            stores.Add(await OpenAnotherAsync());
        }

        return stores;
    }

    /// <summary>Eight workers, each with a store of its own, run deliveries until so many are completed.</summary>
    private async Task WorkAsync(int count, Action<LeasedDelivery> begin, Func<LeasedDelivery, DeliveryOutcome> end, int limit = 0)
    {
        // What a store has lost would be waited for without end; and the first that fails ends the others.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        var completed = 0;

        async Task WorkOneAsync(int number)
        {
            var store = await OpenAnotherAsync();
            while (Volatile.Read(ref completed) < count)
            {
                patience.Token.ThrowIfCancellationRequested();
                var leased = await LeaseAsync(maxCount: 5, owner: $"worker {number}", store: store, limit: limit);
                foreach (var delivery in leased)
                {
                    begin(delivery);
                }

                await Task.Yield();
                var settlements = leased.Select(delivery => Settle(delivery, end(delivery), retryAt: Now)).ToList();
                (await store.SettleAsync(settlements, Cancel)).ShouldBeEmpty();
                Interlocked.Add(ref completed, settlements.Count(settlement => settlement.Outcome == DeliveryOutcome.Completed));
            }
        }

        await Task.WhenAll(Enumerable.Range(1, Workers).Select(number => Task.Run(
            async () =>
            {
                try
                {
                    await WorkOneAsync(number);
                }
                catch
                {
                    await patience.CancelAsync();
                    throw;
                }
            },
            Cancel)));
        completed.ShouldBe(count);
    }
}
