using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>What is leased, when, by whom, and for how long.</summary>
public abstract class LeasingTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Fact]
    public async Task What_is_due_first_comes_first_and_the_older_of_two_that_are_due_together()
    {
        var late = await AddAsync(TestDeliveries.New(dueAt: Now));
        var early = await AddAsync(TestDeliveries.New(dueAt: Now.AddMinutes(-2)));
        var first = await AddAsync(TestDeliveries.New(dueAt: Now.AddMinutes(-1)));
        var second = await AddAsync(TestDeliveries.New(dueAt: Now.AddMinutes(-1)));

        (await LeaseAsync()).Select(leased => leased.Id).ShouldBe([early.Id, first.Id, second.Id, late.Id]);
    }

    [Fact]
    public async Task No_more_are_leased_than_were_asked_for()
    {
        await Store.AddAsync([TestDeliveries.New(), TestDeliveries.New(), TestDeliveries.New()], Cancel);

        (await LeaseAsync(maxCount: 2)).Select(leased => leased.Id).ShouldBe([1, 2]);
        (await LeaseAsync(maxCount: 2)).Select(leased => leased.Id).ShouldBe([3]);
        (await LeaseAsync(maxCount: 2)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_worker_without_room_gets_nothing(int maxCount)
    {
        await AddAsync();

        (await LeaseAsync(maxCount: maxCount)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_scheduled_delivery_is_not_leased_before_its_time()
    {
        await AddAsync(TestDeliveries.New(dueAt: Now));

        (await LeaseAsync(now: Now.AddTicks(-1))).ShouldBeEmpty();
        (await LeaseAsync(now: Now)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_attempt_counts_from_the_lease_on_whether_or_not_the_worker_lives_to_tell() // 233
    {
        var leased = await AddAndLeaseAsync();

        leased.Attempt.ShouldBe(1);
        (await ReadAsync(leased.Id)).Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Of_two_workers_that_want_one_delivery_one_gets_it() // 234
    {
        await AddAsync();
        var another = await OpenAnotherAsync();

        var leased = await Task.WhenAll(
            Task.Run(async () => await LeaseAsync(owner: "worker 1"), Cancel),
            Task.Run(async () => await LeaseAsync(owner: "worker 2", store: another), Cancel));

        leased.Sum(deliveries => deliveries.Count).ShouldBe(1);
    }

    [Fact]
    public async Task A_lease_holds_until_its_end_and_not_longer() // 355
    {
        var killed = await AddAndLeaseAsync();

        (await LeaseAsync(now: Now + LeaseTime - TimeSpan.FromTicks(1))).ShouldBeEmpty();
        var again = (await LeaseAsync(now: Now + LeaseTime, owner: "worker 2")).ShouldHaveSingleItem();

        again.Id.ShouldBe(killed.Id);
        again.Attempt.ShouldBe(2);
        again.Token.ShouldBeGreaterThan(killed.Token);
        (await ReadAsync(killed.Id)).Owner.ShouldBe("worker 2");
    }

    [Fact]
    public async Task An_extended_lease_is_not_taken_over() // 357
    {
        var leased = await AddAndLeaseAsync();

        (await Store.ExtendAsync([leased], Now + (2 * LeaseTime), Cancel)).Lost.ShouldBeEmpty();

        (await LeaseAsync(now: Now + LeaseTime)).ShouldBeEmpty();
        (await ReadAsync(leased.Id)).DueAt.ShouldBe(Now + (2 * LeaseTime));
    }

    [Fact]
    public async Task A_lease_that_has_ended_can_be_extended_as_long_as_nobody_else_has_it()
    {
        var leased = await AddAndLeaseAsync();

        (await Store.ExtendAsync([leased], Now + (3 * LeaseTime), Cancel)).Lost.ShouldBeEmpty();

        (await LeaseAsync(now: Now + (2 * LeaseTime))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lost_lease_cannot_be_extended() // 295, 327
    {
        var lost = await AddAndLeaseAsync();
        await LeaseAsync(now: Now + LeaseTime, owner: "worker 2");
        var kept = await AddAndLeaseAsync();
        var settled = await AddAndLeaseAsync();
        await SettleAsync(settled, DeliveryOutcome.Completed);

        var refused = await Store.ExtendAsync([lost, kept, settled], Now + (3 * LeaseTime), Cancel);

        refused.Lost.ShouldBe([lost, settled]);
        refused.Cancelled.ShouldBeEmpty();
        (await ReadAsync(lost.Id)).DueAt.ShouldBe(Now + (2 * LeaseTime));
        (await ReadAsync(kept.Id)).DueAt.ShouldBe(Now + (3 * LeaseTime));
    }

    [Theory]
    [InlineData(DeliveryState.Completed)]
    [InlineData(DeliveryState.Failed)]
    [InlineData(DeliveryState.Parked)]
    [InlineData(DeliveryState.Discarded)]
    [InlineData(DeliveryState.Cancelled)]
    public async Task What_is_settled_is_never_leased(DeliveryState state) // 398
    {
        await AddInStateAsync(state);

        (await LeaseAsync(now: Now.AddYears(1))).ShouldBeEmpty();
    }
}
