using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>What a person does to deliveries.</summary>
public abstract class ManagingTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Theory]
    [InlineData(DeliveryState.Failed)]
    [InlineData(DeliveryState.Parked)]
    [InlineData(DeliveryState.Discarded)]
    [InlineData(DeliveryState.Cancelled)]
    [InlineData(DeliveryState.Completed)]
    public async Task A_delivery_that_has_ended_or_was_put_aside_can_be_retried_and_starts_anew(DeliveryState state) // 403
    {
        var id = await AddInStateAsync(state);

        (await Store.RetryAsync([id], Now.AddHours(1), Cancel)).ShouldBe(1);

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
    public async Task A_delivery_that_waits_or_runs_is_not_retried(DeliveryState state) // 404
    {
        var id = await AddInStateAsync(state);
        var before = await ReadAsync(id);

        (await Store.RetryAsync([id], Now.AddHours(1), Cancel)).ShouldBe(0);

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

        (await Store.DiscardAsync([id], Now.AddHours(1), null, Cancel)).ShouldBe(1);

        (await ReadAsync(id)).ShouldBe(before with { State = DeliveryState.Discarded, DueAt = Now.AddHours(1) });
        (await LeaseAsync(now: Now.AddYears(1))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(DeliveryState.Leased)]
    [InlineData(DeliveryState.Completed)]
    [InlineData(DeliveryState.Discarded)]
    [InlineData(DeliveryState.Cancelled)]
    public async Task A_delivery_that_runs_or_has_ended_is_not_discarded(DeliveryState state) // 405
    {
        var id = await AddInStateAsync(state);
        var before = await ReadAsync(id);

        (await Store.DiscardAsync([id], Now.AddHours(1), null, Cancel)).ShouldBe(0);

        (await ReadAsync(id)).ShouldBe(before);
    }

    [Fact]
    public async Task What_does_not_exist_is_neither_retried_nor_discarded()
    {
        (await Store.RetryAsync([77], Now, Cancel)).ShouldBe(0);
        (await Store.DiscardAsync([77], Now, null, Cancel)).ShouldBe(0);
    }
}
