using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>Deliveries of one listener and key of which so many run at once, in any order.</summary>
public abstract class KeyLimitTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task As_many_of_a_key_are_leased_at_once_as_may_be(int limit)
    {
        await AddManyAsync(4, limit);

        var first = await LeaseAsync();

        first.Count.ShouldBe(limit);
        first.ShouldAllBe(delivery => delivery.Key == "customer 1");
        (await LeaseAsync()).ShouldBeEmpty();
        await SettleAsync(first[0], DeliveryOutcome.Completed);
        (await LeaseAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Another_process_counts_too()
    {
        await AddManyAsync(3, limit: 2);
        var another = await OpenAnotherAsync();
        await LeaseAsync(maxCount: 1);

        (await LeaseAsync(store: another, owner: "worker 2")).ShouldHaveSingleItem();
        (await LeaseAsync(store: another, owner: "worker 2")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Other_keys_other_listeners_and_those_without_a_key_go_on() // 314, 329
    {
        await AddManyAsync(2, limit: 1);
        var otherKey = await AddAsync(Keyed("customer 2"));
        var otherCase = await AddAsync(Keyed("Customer 1"));
        var otherListener = await AddAsync(TestDeliveries.New(listenerId: "Notify", key: new DeliveryKey("customer 1")));
        var none = await AddAsync();

        (await LeaseIdsAsync()).ShouldBe([1, otherKey.Id, otherCase.Id, otherListener.Id, none.Id]);
    }

    [Fact]
    public async Task A_key_with_a_great_many_waiting_does_not_starve_the_others() // 329
    {
        await Store.AddAsync([.. Enumerable.Range(0, 3_000).Select(_ => Keyed("customer 1"))], Cancel);
        var other = await AddAsync(Keyed("customer 2"));

        (await LeaseIdsAsync(maxCount: 5)).ShouldBe([1, other.Id]);
    }

    [Fact]
    public async Task What_waits_for_its_turn_is_parked_behind_one_that_runs()
    {
        await AddManyAsync(2, limit: 1);
        var running = (await LeaseAsync()).ShouldHaveSingleItem();

        var waiting = await ReadAsync(2);
        waiting.State.ShouldBe(DeliveryState.Parked);
        waiting.Behind.ShouldBe(running.Id);
        waiting.Error.ShouldBeNull();
        waiting.Attempts.ShouldBe(0);
        (await LeaseAsync(Now.AddSeconds(1))).ShouldBeEmpty();
        (await Store.GetNextDueAsync(Now.AddDays(-1), Cancel)).ShouldBe(Now + LeaseTime, "what waits for its turn is not due");

        await SettleAsync(running, DeliveryOutcome.Completed);

        waiting = await ReadAsync(2);
        waiting.State.ShouldBe(DeliveryState.Ready);
        waiting.Behind.ShouldBeNull();
        waiting.DueAt.ShouldBe(TestDeliveries.Time, "it has waited since then");
    }

    [Theory]
    [InlineData(DeliveryOutcome.Completed)]
    [InlineData(DeliveryOutcome.Retry)]
    [InlineData(DeliveryOutcome.Failed)]
    [InlineData(DeliveryOutcome.Parked)]
    [InlineData(DeliveryOutcome.Snoozed)]
    [InlineData(DeliveryOutcome.Discarded)]
    [InlineData(DeliveryOutcome.Cancelled)]
    public async Task However_an_attempt_ends_the_next_one_has_its_turn(DeliveryOutcome outcome) // 314, 450
    {
        await AddManyAsync(2, limit: 1);
        var running = (await LeaseAsync()).ShouldHaveSingleItem();
        (await LeaseAsync()).ShouldBeEmpty();

        await SettleAsync(running, outcome, retryAt: Now.AddMinutes(1));

        (await LeaseIdsAsync()).ShouldBe([2]);
    }

    [Fact]
    public async Task A_released_one_and_the_next_one_are_taken_in_their_order()
    {
        await AddManyAsync(2, limit: 1);
        var running = (await LeaseAsync()).ShouldHaveSingleItem();
        (await LeaseAsync()).ShouldBeEmpty();

        await SettleAsync(running, DeliveryOutcome.Released);

        var leased = (await LeaseAsync()).ShouldHaveSingleItem();
        await SettleAsync(leased, DeliveryOutcome.Completed);
        (await LeaseAsync()).ShouldHaveSingleItem().Id.ShouldBe(leased.Id == 1 ? 2 : 1);
    }

    [Fact]
    public async Task Of_those_that_wait_the_one_with_the_highest_priority_is_next() // 408
    {
        await AddManyAsync(1, limit: 1);
        var running = (await LeaseAsync()).ShouldHaveSingleItem();
        await AddAsync(Keyed("customer 1", DeliveryPriority.Low));
        var late = await AddAsync(Keyed("customer 1", dueAt: Now));
        var early = await AddAsync(Keyed("customer 1", dueAt: Now.AddMinutes(-10)));
        var high = await AddAsync(Keyed("customer 1", DeliveryPriority.High));
        (await LeaseAsync()).ShouldBeEmpty();

        List<long> order = [];
        while (order.Count < 4)
        {
            await SettleAsync(running, DeliveryOutcome.Completed);
            running = (await LeaseAsync()).ShouldHaveSingleItem();
            order.Add(running.Id);
        }

        order.ShouldBe([high.Id, early.Id, late.Id, 2]);
    }

    [Fact]
    public async Task One_that_comes_later_does_not_overtake_those_that_have_waited_for_their_turn()
    {
        await AddManyAsync(2, limit: 1);
        var running = (await LeaseAsync()).ShouldHaveSingleItem();
        await AddAsync(Keyed("customer 1", dueAt: Now));

        await SettleAsync(running, DeliveryOutcome.Completed, at: Now.AddMinutes(1));

        (await LeaseIdsAsync(Now.AddMinutes(1))).ShouldBe([2]);
    }

    [Fact]
    public async Task One_that_has_its_turn_and_is_given_up_passes_it_on()
    {
        await AddManyAsync(4, limit: 1);
        var running = (await LeaseAsync()).ShouldHaveSingleItem();
        (await LeaseAsync()).ShouldBeEmpty();
        await SettleAsync(running, DeliveryOutcome.Completed);

        await Store.DiscardAsync([2], Now, null, Cancel);
        await Store.CancelAsync([3], Now, null, Cancel);

        (await LeaseIdsAsync()).ShouldBe([4]);
    }

    [Fact]
    public async Task One_that_has_its_turn_and_is_put_off_passes_it_on()
    {
        await AddManyAsync(3, limit: 1);
        var running = (await LeaseAsync()).ShouldHaveSingleItem();
        (await LeaseAsync()).ShouldBeEmpty();
        await SettleAsync(running, DeliveryOutcome.Completed);

        (await Store.RescheduleAsync(2, Now.AddHours(1), Now, Cancel)).ShouldBeTrue();

        (await LeaseIdsAsync()).ShouldBe([3]);
    }

    [Fact]
    public async Task A_worker_that_died_blocks_its_key_no_longer_than_its_lease() // 448
    {
        await AddManyAsync(2, limit: 1);
        await LeaseAsync(owner: "a process that was killed");
        (await LeaseAsync()).ShouldBeEmpty();

        var next = (await LeaseAsync(Now + LeaseTime, owner: "worker 2")).ShouldHaveSingleItem();
        await SettleAsync(next, DeliveryOutcome.Completed, at: Now + LeaseTime);
        var last = (await LeaseAsync(Now + LeaseTime, owner: "worker 2")).ShouldHaveSingleItem();

        new[] { next.Id, last.Id }.ShouldBe([1, 2], ignoreOrder: true);
    }

    [Fact]
    public async Task A_lost_lease_gives_no_turn_away() // 449
    {
        await AddManyAsync(1, limit: 1);
        var lost = (await LeaseAsync(owner: "worker 1")).ShouldHaveSingleItem();
        var held = (await LeaseAsync(Now + LeaseTime, owner: "worker 2")).ShouldHaveSingleItem();
        await AddManyAsync(1, limit: 1);
        (await LeaseAsync(Now + LeaseTime)).ShouldBeEmpty();

        (await SettleAsync(lost, DeliveryOutcome.Completed, at: Now + LeaseTime)).ShouldBeFalse();

        (await LeaseAsync(Now + LeaseTime)).ShouldBeEmpty();
        (await SettleAsync(held, DeliveryOutcome.Completed, at: Now + LeaseTime)).ShouldBeTrue();
        (await LeaseIdsAsync(Now + LeaseTime)).ShouldBe([2]);
    }

    [Fact]
    public async Task As_many_waiting_ones_have_their_turn_as_have_ended()
    {
        await AddManyAsync(5, limit: 2);
        var running = await LeaseAsync();
        (await LeaseAsync()).ShouldBeEmpty();

        await Store.SettleAsync([.. running.Select(delivery => Settle(delivery, DeliveryOutcome.Completed))], Cancel);

        (await LeaseIdsAsync()).ShouldBe([3, 4]);
    }

    private static NewDelivery Keyed(
        string key, DeliveryPriority priority = DeliveryPriority.Normal, DateTimeOffset? dueAt = null, int limit = 1) =>
        TestDeliveries.New(key: new DeliveryKey(key) { Limit = limit }, priority: priority, dueAt: dueAt);

    private async Task AddManyAsync(int count, int limit) =>
        await Store.AddAsync([.. Enumerable.Range(0, count).Select(_ => Keyed("customer 1", limit: limit))], Cancel);
}
