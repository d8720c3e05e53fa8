using System.Collections.Concurrent;
using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>Many at once.</summary>
public abstract class ConcurrencyTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    private const int Adders = 8;
    private const int Workers = 4;
    private const int Each = 250;

    [Fact]
    public async Task Everything_that_many_threads_add_is_leased_once_for_each_token_and_settled()
    {
        const int total = Adders * Each;
        var leases = new ConcurrentDictionary<(long Id, long Token), string>();
        var ids = new ConcurrentDictionary<long, NewDelivery>();
        var settled = 0;

        async Task AddManyAsync(int adder)
        {
            for (var i = 0; i < Each; i++)
            {
                var added = await AddAsync(TestDeliveries.New(payload: BitConverter.GetBytes((adder * Each) + i)));
                ids.TryAdd(added.Id, added).ShouldBeTrue();
            }
        }

        async Task WorkAsync(int number)
        {
            var owner = $"worker {number}";
            var store = await OpenAnotherAsync();
            while (Volatile.Read(ref settled) < total)
            {
                var leased = await LeaseAsync(maxCount: 7, owner: owner, store: store);
                foreach (var delivery in leased)
                {
                    leases.TryAdd((delivery.Id, delivery.Token), owner).ShouldBeTrue();
                }

                // Every third is given back first, so that it is leased again under another token.
                var settlements = leased.Select(delivery => new Settlement
                {
                    Delivery = delivery,
                    Outcome = delivery.Token == 1 && delivery.Id % 3 == 0 ? DeliveryOutcome.Released : DeliveryOutcome.Completed,
                    At = Now,
                }).ToList();
                (await store.SettleAsync(settlements, Cancel)).ShouldBeEmpty();
                Interlocked.Add(ref settled, settlements.Count(settlement => settlement.Outcome == DeliveryOutcome.Completed));
            }
        }

        await Task.WhenAll(
        [
            .. Enumerable.Range(0, Adders).Select(adder => Task.Run(() => AddManyAsync(adder), Cancel)),
            .. Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(worker), Cancel)),
        ]);

        settled.ShouldBe(total);
        ids.Count.ShouldBe(total);
        leases.Keys.Select(lease => lease.Id).Distinct().Count().ShouldBe(total);
        leases.Count.ShouldBe(total + ids.Keys.Count(id => id % 3 == 0));
        (await Store.CountAsync(Now, Cancel)).ShouldBeEmpty();
    }
}
