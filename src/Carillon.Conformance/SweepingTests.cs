using System.Collections.Frozen;
using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>What a sweep unparks, removes, and leaves.</summary>
public abstract class SweepingTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    private static readonly KnownNames Known = Names(["poll.created"], ["Sitemap"]);

    [Fact]
    public async Task A_parked_delivery_is_ready_once_its_event_and_its_listener_are_known()
    {
        var id = await AddInStateAsync(DeliveryState.Parked);

        (await SweepAsync(Now, Names(["poll.created"], ["Notify"]))).ShouldBe(0);
        (await SweepAsync(Now, Names(["poll.closed"], ["Sitemap"]))).ShouldBe(0);
        (await ReadAsync(id)).State.ShouldBe(DeliveryState.Parked);

        (await SweepAsync(Now.AddHours(1))).ShouldBe(1);

        var snapshot = await ReadAsync(id);
        snapshot.State.ShouldBe(DeliveryState.Ready);
        snapshot.Error.ShouldBeNull();
        snapshot.DueAt.ShouldBe(Now.AddHours(1));
        (await LeaseAsync(now: Now.AddHours(1))).ShouldHaveSingleItem().Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task A_sweep_leaves_what_is_not_parked_as_it_is()
    {
        foreach (var state in Enum.GetValues<DeliveryState>().Except([DeliveryState.Parked, DeliveryState.Ready]))
        {
            await AddInStateAsync(state);
        }

        var query = new DeliveryQuery { PageSize = 1000 };
        var before = await Store.ListAsync(query, Now, Cancel);

        (await SweepAsync(Now)).ShouldBe(0);

        (await Store.ListAsync(query, Now, Cancel)).ShouldBe(before);
    }

    [Fact]
    public async Task A_completed_delivery_is_kept_until_its_time_and_then_swept() // 241
    {
        var kept = await AddAndLeaseAsync();
        await SettleAsync(kept, DeliveryOutcome.Completed, keepUntil: Now.AddHours(2));
        var gone = await AddAndLeaseAsync();
        await SettleAsync(gone, DeliveryOutcome.Completed, keepUntil: Now.AddHours(1));

        (await SweepAsync(Now.AddHours(1))).ShouldBe(0);

        (await FindAsync(gone.Id)).ShouldBeNull();
        (await ReadAsync(kept.Id)).State.ShouldBe(DeliveryState.Completed);
    }

    [Fact]
    public async Task Many_kept_deliveries_are_swept_in_one_go() // 241
    {
        await Store.AddAsync([.. Enumerable.Range(0, 2_500).Select(_ => TestDeliveries.New())], Cancel);
        var leased = await LeaseAsync(maxCount: 3_000);
        await Store.SettleAsync(
            [
                .. leased.Select(delivery =>
                    new Settlement { Delivery = delivery, Outcome = DeliveryOutcome.Completed, At = Now, KeepUntil = Now.AddHours(1) }),
            ],
            Cancel);

        await SweepAsync(Now.AddHours(1));

        (await Store.CountAsync(Now, Cancel)).ShouldBeEmpty();
    }

    private ValueTask<int> SweepAsync(DateTimeOffset now, KnownNames? known = null) => Store.SweepAsync(new SweepRequest(known ?? Known, now), Cancel);

    private static KnownNames Names(string[] eventNames, string[] listenerIds) => new(eventNames.ToFrozenSet(), listenerIds.ToFrozenSet());
}
