using System.Collections.Frozen;
using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>What is kept, for how long, and what is never removed.</summary>
public abstract class RetentionTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Theory]
    [InlineData(DeliveryOutcome.Completed)]
    [InlineData(DeliveryOutcome.Failed)]
    [InlineData(DeliveryOutcome.Discarded)]
    [InlineData(DeliveryOutcome.Cancelled)]
    public async Task What_is_over_is_kept_until_its_time_and_then_removed(DeliveryOutcome outcome) // 240, 241, 419
    {
        var leased = await AddAndLeaseAsync();
        await SettleAsync(leased, outcome, keepUntil: Now.AddHours(1), error: "the reason");

        await SweepAsync(Now.AddHours(1).AddTicks(-1));
        (await FindAsync(leased.Id)).ShouldNotBeNull();

        await SweepAsync(Now.AddHours(1));
        (await FindAsync(leased.Id)).ShouldBeNull();
        (await Store.CountAsync(Now, Cancel)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(DeliveryOutcome.Failed)]
    [InlineData(DeliveryOutcome.Discarded)]
    [InlineData(DeliveryOutcome.Cancelled)]
    public async Task What_is_kept_for_ever_is_never_removed(DeliveryOutcome outcome) // 418
    {
        var leased = await AddAndLeaseAsync();
        await SettleAsync(leased, outcome);

        await SweepAsync(Now.AddYears(100));

        (await FindAsync(leased.Id)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(DeliveryState.Scheduled)]
    [InlineData(DeliveryState.Ready)]
    [InlineData(DeliveryState.Leased)]
    [InlineData(DeliveryState.Parked)]
    public async Task What_is_not_over_is_never_removed_whatever_its_age(DeliveryState state) // 417
    {
        var id = await AddInStateAsync(state);

        await SweepAsync(Now.AddYears(100));

        (await FindAsync(id)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_failed_one_that_is_retried_is_not_removed_when_it_was_to_be() // 417
    {
        var leased = await AddAndLeaseAsync();
        await SettleAsync(leased, DeliveryOutcome.Failed, keepUntil: Now.AddHours(1));
        await Store.RetryAsync([leased.Id], Now, Cancel);

        await SweepAsync(Now.AddHours(1));

        (await FindAsync(leased.Id)).ShouldNotBeNull();
        var again = (await LeaseAsync()).ShouldHaveSingleItem();
        await SettleAsync(again, DeliveryOutcome.Failed);
        await SweepAsync(Now.AddYears(1));
        (await FindAsync(leased.Id)).ShouldNotBeNull("it is kept for ever this time");
    }

    [Fact]
    public async Task What_a_person_discards_or_cancels_is_kept_for_as_long_as_was_said() // 241, 418
    {
        await Store.AddAsync([.. Enumerable.Range(0, 4).Select(_ => TestDeliveries.New())], Cancel);
        await Store.DiscardAsync([1], Now, Now.AddHours(1), Cancel);
        await Store.DiscardAsync([2], Now, null, Cancel);
        await Store.CancelAsync([3], Now, Now.AddHours(1), Cancel);
        await Store.CancelAsync([4], Now, null, Cancel);

        await SweepAsync(Now.AddHours(1));

        (await Store.ListAsync(new DeliveryQuery { OldestFirst = true }, Now, Cancel)).Select(delivery => delivery.Id).ShouldBe([2, 4]);
    }

    [Fact]
    public async Task A_failed_one_that_is_discarded_for_ever_is_not_removed_when_the_failed_one_was_to_be()
    {
        var leased = await AddAndLeaseAsync();
        await SettleAsync(leased, DeliveryOutcome.Failed, keepUntil: Now.AddHours(1));
        await Store.DiscardAsync([leased.Id], Now, null, Cancel);

        await SweepAsync(Now.AddHours(1));

        (await StateOfAsync(leased.Id)).ShouldBe(DeliveryState.Discarded);
    }

    [Fact]
    public async Task The_attempts_of_what_was_removed_are_gone_with_it() // 241
    {
        var leased = await AddAndLeaseAsync();
        await SettleAsync(leased, DeliveryOutcome.Retry, retryAt: Now, error: "the first");
        await SettleAsync((await LeaseAsync()).ShouldHaveSingleItem(), DeliveryOutcome.Failed, keepUntil: Now.AddHours(1), error: "the last");

        await SweepAsync(Now.AddHours(1));

        (await Store.FindAsync(leased.Id, Now, Cancel)).ShouldBeNull();
        (await Store.ListAsync(new DeliveryQuery { Text = "the first" }, Now, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Sweeping_what_is_empty_does_nothing() => (await SweepAsync(Now)).ShouldBe(0);

    private ValueTask<int> SweepAsync(DateTimeOffset now) =>
        Store.SweepAsync(new SweepRequest(new KnownNames(FrozenSet<string>.Empty, FrozenSet<string>.Empty), now), Cancel);
}
