using System.Collections.Frozen;
using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>Deliveries of one listener and key that run one after the other, in the order in which they were written.</summary>
public abstract class OrderTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Fact]
    public async Task One_of_a_key_is_leased_at_a_time_in_the_order_in_which_they_were_written() // 312, 313
    {
        await Store.AddAsync([Ordered(), Ordered(), Ordered()], Cancel);

        (await LeaseAndCompleteAllAsync()).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task While_one_runs_those_behind_it_wait_and_other_keys_go_on() // 314
    {
        await Store.AddAsync([Ordered(), Ordered(), Ordered("order 2"), Ordered("order 2"), Ordered("order 3")], Cancel);

        (await LeaseIdsAsync()).ShouldBe([1, 3, 5]);
        (await LeaseAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_order_is_that_of_writing_whatever_the_due_times_and_the_priorities() // 330
    {
        await Store.AddAsync(
            [
                Ordered(priority: DeliveryPriority.Low, dueAt: Now),
                Ordered(priority: DeliveryPriority.High, dueAt: Now.AddHours(-1)),
                Ordered(dueAt: Now.AddHours(-2)),
            ],
            Cancel);

        (await LeaseAndCompleteAllAsync()).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task One_that_is_scheduled_keeps_those_behind_it_waiting()
    {
        await Store.AddAsync([Ordered(dueAt: Now.AddHours(1)), Ordered()], Cancel);

        (await LeaseAsync()).ShouldBeEmpty();
        (await LeaseAndCompleteAllAsync(Now.AddHours(1))).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Different_listeners_have_orders_of_their_own()
    {
        await Store.AddAsync([Ordered(listenerId: "Sitemap"), Ordered(listenerId: "Notify"), Ordered(listenerId: "Sitemap")], Cancel);

        (await LeaseIdsAsync()).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task An_order_holds_over_queues() // the queue is where a delivery waits; the order is of what the listener hears
    {
        await Store.AddAsync([Ordered(queue: "mail"), Ordered()], Cancel);

        (await LeaseAsync()).ShouldBeEmpty();
        var first = (await LeaseAsync(queue: "mail")).ShouldHaveSingleItem();
        (await LeaseAsync()).ShouldBeEmpty();
        await SettleAsync(first, DeliveryOutcome.Completed);

        (await LeaseIdsAsync()).ShouldBe([2]);
    }

    [Fact]
    public async Task Those_that_wait_are_parked_behind_one_of_their_key_and_made_ready_when_it_is_settled()
    {
        await Store.AddAsync([Ordered(), Ordered()], Cancel);
        var running = (await LeaseAsync()).ShouldHaveSingleItem();

        var waiting = await ReadAsync(2);
        waiting.State.ShouldBe(DeliveryState.Parked);
        waiting.Behind.ShouldBe(running.Id);
        waiting.Attempts.ShouldBe(0);
        waiting.Error.ShouldBeNull();

        await SettleAsync(running, DeliveryOutcome.Completed, at: Now.AddMinutes(1));

        waiting = await ReadAsync(2);
        waiting.State.ShouldBe(DeliveryState.Ready);
        waiting.Behind.ShouldBeNull();
        waiting.DueAt.ShouldBe(TestDeliveries.Time, "it has waited since then");
        (await LeaseAsync()).ShouldHaveSingleItem().DueAt.ShouldBe(TestDeliveries.Time);
    }

    [Fact]
    public async Task A_sweep_does_not_make_ready_what_waits_behind_another_one()
    {
        await Store.AddAsync([Ordered(), Ordered()], Cancel);
        await LeaseAsync();

        var known = new KnownNames(FrozenSet.Create("poll.created"), FrozenSet.Create("Sitemap"));
        (await Store.SweepAsync(new SweepRequest(known, Now), Cancel)).ShouldBe(0);

        (await StateOfAsync(2)).ShouldBe(DeliveryState.Parked);
    }

    [Fact]
    public async Task A_key_with_a_great_many_waiting_does_not_starve_the_others() // 329
    {
        await Store.AddAsync([.. Enumerable.Range(0, 3_000).Select(_ => Ordered())], Cancel);
        var other = await AddAsync(Ordered("order 2"));

        (await LeaseIdsAsync(maxCount: 5)).ShouldBe([1, other.Id]);
        (await LeaseAsync(maxCount: 5)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_worker_that_died_keeps_its_place_in_the_order_and_blocks_no_longer_than_its_lease() // 316, 327, 448
    {
        await Store.AddAsync([Ordered(), Ordered()], Cancel);
        var killed = (await LeaseAsync(owner: "a process that was killed")).ShouldHaveSingleItem();

        (await LeaseAsync(Now + LeaseTime - TimeSpan.FromTicks(1))).ShouldBeEmpty();
        var again = (await LeaseAsync(Now + LeaseTime, owner: "worker 2")).ShouldHaveSingleItem();

        again.Id.ShouldBe(1);
        (await SettleAsync(killed, DeliveryOutcome.Completed)).ShouldBeFalse();
        (await LeaseAsync(Now + LeaseTime)).ShouldBeEmpty();
        (await SettleAsync(again, DeliveryOutcome.Completed, at: Now + LeaseTime)).ShouldBeTrue();
        (await LeaseIdsAsync(Now + LeaseTime)).ShouldBe([2]);
    }

    [Fact]
    public async Task A_lapsed_lease_is_settled_by_its_owner_and_the_order_goes_on()
    {
        await Store.AddAsync([Ordered(), Ordered()], Cancel);
        var slow = (await LeaseAsync()).ShouldHaveSingleItem();

        (await SettleAsync(slow, DeliveryOutcome.Completed, at: Now + (2 * LeaseTime))).ShouldBeTrue();

        (await LeaseIdsAsync(Now + (2 * LeaseTime))).ShouldBe([2]);
    }

    [Fact]
    public async Task What_is_settled_in_one_batch_gives_each_key_its_turn()
    {
        await Store.AddAsync([Ordered("order 1"), Ordered("order 2"), Ordered("order 1"), Ordered("order 2")], Cancel);
        var leased = await LeaseAsync();

        await Store.SettleAsync([.. leased.Select(delivery => Settle(delivery, DeliveryOutcome.Completed))], Cancel);

        (await LeaseIdsAsync()).ShouldBe([3, 4]);
    }

    private static NewDelivery Ordered(
        string key = "order 1",
        string listenerId = "Sitemap",
        DateTimeOffset? dueAt = null,
        DeliveryPriority priority = DeliveryPriority.Normal,
        string? queue = null) =>
        TestDeliveries.New(listenerId: listenerId, dueAt: dueAt, priority: priority, queue: queue, key: new DeliveryKey(key) { IsOrdered = true });

    private async Task<IReadOnlyList<long>> LeaseAndCompleteAllAsync(DateTimeOffset? now = null)
    {
        List<long> order = [];
        while (await LeaseAsync(now) is { Count: > 0 } leased)
        {
            var next = leased.ShouldHaveSingleItem();
            order.Add(next.Id);
            await SettleAsync(next, DeliveryOutcome.Completed, at: now);
        }

        return order;
    }
}
