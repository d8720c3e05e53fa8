using System.Collections.Frozen;
using Carillon.Deliveries;

namespace Carillon.Stores.Tests;

public abstract class ManagingTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    private static readonly KnownNames Known = Names(["poll.created"], ["Sitemap"]);

    [Theory]
    [InlineData(DeliveryState.Failed)]
    [InlineData(DeliveryState.Parked)]
    [InlineData(DeliveryState.Discarded)]
    public async Task A_delivery_that_was_given_up_can_be_retried_and_starts_anew(DeliveryState state) // 403
    {
        var id = await AddInStateAsync(state);

        (await Store.RetryAsync(id, Now.AddHours(1), Cancel)).ShouldBeTrue();

        var snapshot = await ReadAsync(id);
        snapshot.State.ShouldBe(DeliveryState.Ready);
        snapshot.Attempts.ShouldBe(0);
        snapshot.Error.ShouldBeNull();
        snapshot.DueAt.ShouldBe(Now.AddHours(1));
        var leased = (await LeaseAsync(now: Now.AddHours(1))).ShouldHaveSingleItem();
        leased.Attempt.ShouldBe(1);
        leased.Token.ShouldBe(2);
    }

    [Theory]
    [InlineData(DeliveryState.Scheduled)]
    [InlineData(DeliveryState.Ready)]
    [InlineData(DeliveryState.Leased)]
    [InlineData(DeliveryState.Completed)]
    public async Task A_delivery_that_was_not_given_up_is_not_retried(DeliveryState state) // 404
    {
        var id = await AddInStateAsync(state);
        var before = await ReadAsync(id);

        (await Store.RetryAsync(id, Now.AddHours(1), Cancel)).ShouldBeFalse();

        (await ReadAsync(id)).ShouldBe(before);
    }

    [Theory]
    [InlineData(DeliveryState.Scheduled)]
    [InlineData(DeliveryState.Ready)]
    [InlineData(DeliveryState.Failed)]
    [InlineData(DeliveryState.Parked)]
    public async Task A_delivery_that_waits_can_be_discarded_and_never_runs(DeliveryState state) // 398
    {
        var id = await AddInStateAsync(state);
        var before = await ReadAsync(id);

        (await Store.DiscardAsync(id, Now.AddHours(1), Cancel)).ShouldBeTrue();

        (await ReadAsync(id)).ShouldBe(before with { State = DeliveryState.Discarded, DueAt = Now.AddHours(1) });
        (await LeaseAsync(now: Now.AddYears(1))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(DeliveryState.Leased)]
    [InlineData(DeliveryState.Completed)]
    [InlineData(DeliveryState.Discarded)]
    public async Task A_delivery_that_runs_or_has_ended_is_not_discarded(DeliveryState state) // 405
    {
        var id = await AddInStateAsync(state);
        var before = await ReadAsync(id);

        (await Store.DiscardAsync(id, Now.AddHours(1), Cancel)).ShouldBeFalse();

        (await ReadAsync(id)).ShouldBe(before);
    }

    [Fact]
    public async Task What_does_not_exist_is_neither_retried_nor_discarded()
    {
        (await Store.RetryAsync(77, Now, Cancel)).ShouldBeFalse();
        (await Store.DiscardAsync(77, Now, Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_parked_delivery_is_ready_once_its_event_and_its_listener_are_known()
    {
        var id = await AddInStateAsync(DeliveryState.Parked);

        (await Store.SweepAsync(Names(["poll.created"], ["Notify"]), Now, Cancel)).ShouldBe(0);
        (await Store.SweepAsync(Names(["poll.closed"], ["Sitemap"]), Now, Cancel)).ShouldBe(0);
        (await ReadAsync(id)).State.ShouldBe(DeliveryState.Parked);

        (await Store.SweepAsync(Known, Now.AddHours(1), Cancel)).ShouldBe(1);

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

        (await Store.SweepAsync(Known, Now, Cancel)).ShouldBe(0);

        (await Store.ListAsync(query, Now, Cancel)).ShouldBe(before);
    }

    [Fact]
    public async Task A_completed_delivery_is_kept_until_its_time_and_then_swept() // 241
    {
        var kept = await AddAndLeaseAsync();
        await SettleAsync(kept, DeliveryOutcome.Completed, keepUntil: Now.AddHours(2));
        var gone = await AddAndLeaseAsync();
        await SettleAsync(gone, DeliveryOutcome.Completed, keepUntil: Now.AddHours(1));

        (await Store.SweepAsync(Known, Now.AddHours(1), Cancel)).ShouldBe(0);

        (await FindAsync(gone.Id)).ShouldBeNull();
        (await ReadAsync(kept.Id)).State.ShouldBe(DeliveryState.Completed);
    }

    [Fact]
    public async Task Many_kept_deliveries_are_swept_in_one_go() // 241
    {
        await Store.AddAsync([.. Enumerable.Range(0, 2_500).Select(_ => Deliveries.New())], Cancel);
        var leased = await LeaseAsync(maxCount: 3_000);
        await Store.SettleAsync(
            [
                .. leased.Select(delivery =>
                    new Settlement { Delivery = delivery, Outcome = DeliveryOutcome.Completed, At = Now, KeepUntil = Now.AddHours(1) }),
            ],
            Cancel);

        await Store.SweepAsync(Known, Now.AddHours(1), Cancel);

        (await Store.CountAsync(Now, Cancel)).ShouldBeEmpty();
    }

    private static KnownNames Names(string[] eventNames, string[] listenerIds) => new(eventNames.ToFrozenSet(), listenerIds.ToFrozenSet());
}
