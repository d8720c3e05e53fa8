using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>Cancelling, at once or by request, and moving the time.</summary>
public abstract class CancellingTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Theory]
    [InlineData(DeliveryState.Scheduled)]
    [InlineData(DeliveryState.Ready)]
    [InlineData(DeliveryState.Failed)]
    [InlineData(DeliveryState.Parked)]
    public async Task What_does_not_run_is_cancelled_at_once_and_never_runs(DeliveryState state) // 398
    {
        var id = await AddInStateAsync(state);
        var before = await ReadAsync(id);

        (await CancelAsync(id, Now.AddHours(1))).ShouldBe(CancelResult.Cancelled);

        (await ReadAsync(id)).ShouldBe(before with { State = DeliveryState.Cancelled, DueAt = Now.AddHours(1) });
        (await LeaseAsync(Now.AddYears(1))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(DeliveryState.Completed)]
    [InlineData(DeliveryState.Discarded)]
    [InlineData(DeliveryState.Cancelled)]
    public async Task What_is_over_stays_as_it_is(DeliveryState state)
    {
        var id = await AddInStateAsync(state);
        var before = await ReadAsync(id);

        (await CancelAsync(id, Now.AddHours(1))).ShouldBe(CancelResult.TooLate);

        (await ReadAsync(id)).ShouldBe(before);
    }

    [Fact]
    public async Task What_does_not_exist_is_too_late() => (await CancelAsync(77)).ShouldBe(CancelResult.TooLate);

    [Fact]
    public async Task What_came_of_each_is_told_in_the_order_of_the_ids()
    {
        var running = await AddAndLeaseAsync();
        var waiting = await AddAsync();

        (await Store.CancelAsync([waiting.Id, 77, running.Id], Now, null, Cancel))
            .ShouldBe([CancelResult.Cancelled, CancelResult.TooLate, CancelResult.Requested]);
        (await Store.CancelAsync([], Now, null, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_runs_is_asked_to_end_and_its_worker_learns_of_it_when_it_extends_its_lease() // 399
    {
        var running = await AddAndLeaseAsync();
        var other = await AddAndLeaseAsync();
        var another = await OpenAnotherAsync();

        (await another.CancelAsync([running.Id], Now, null, Cancel)).ShouldBe([CancelResult.Requested]);

        var snapshot = await ReadAsync(running.Id);
        snapshot.State.ShouldBe(DeliveryState.Leased);
        snapshot.IsCancelRequested.ShouldBeTrue();
        var extended = await Store.ExtendAsync([running, other], Now + (2 * LeaseTime), Cancel);
        extended.Lost.ShouldBeEmpty();
        extended.Cancelled.ShouldBe([running]);
        (await CancelAsync(running.Id)).ShouldBe(CancelResult.Requested, "asking twice does no harm");
    }

    [Theory]
    [InlineData(DeliveryOutcome.Retry)]
    [InlineData(DeliveryOutcome.Failed)]
    [InlineData(DeliveryOutcome.Released)]
    [InlineData(DeliveryOutcome.Snoozed)]
    [InlineData(DeliveryOutcome.Parked)]
    [InlineData(DeliveryOutcome.Cancelled)]
    public async Task What_was_asked_to_end_and_ends_without_success_is_cancelled_with_its_error(DeliveryOutcome outcome) // 399, 400
    {
        var running = await AddAndLeaseAsync();
        await CancelAsync(running.Id);

        (await SettleAsync(running, outcome, retryAt: Now, error: "ended by its token")).ShouldBeTrue();

        var details = (await Store.FindAsync(running.Id, Now, Cancel)).ShouldNotBeNull();
        details.Delivery.State.ShouldBe(DeliveryState.Cancelled);
        details.Delivery.Error.ShouldBe("ended by its token");
        details.Delivery.IsCancelRequested.ShouldBeFalse("there is nothing left to ask");
        details.FailedAttempts.Count.ShouldBe(outcome is DeliveryOutcome.Retry or DeliveryOutcome.Failed ? 1 : 0);
        (await LeaseAsync(Now.AddYears(1))).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_asked_to_end_and_succeeds_all_the_same_is_completed() // 400
    {
        var running = await AddAndLeaseAsync();
        await CancelAsync(running.Id);

        await SettleAsync(running, DeliveryOutcome.Completed, keepUntil: Now.AddDays(1));

        var snapshot = await ReadAsync(running.Id);
        snapshot.State.ShouldBe(DeliveryState.Completed);
        snapshot.IsCancelRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_takes_over_what_was_asked_to_end_is_told() // 399
    {
        var killed = await AddAndLeaseAsync();
        await CancelAsync(killed.Id);

        var taken = (await LeaseAsync(Now + LeaseTime, owner: "worker 2")).ShouldHaveSingleItem();

        killed.IsCancelRequested.ShouldBeFalse();
        taken.IsCancelRequested.ShouldBeTrue();
        (await SettleAsync(taken, DeliveryOutcome.Cancelled)).ShouldBeTrue();
        (await StateOfAsync(killed.Id)).ShouldBe(DeliveryState.Cancelled);
    }

    [Fact]
    public async Task A_cancelled_one_that_is_retried_is_not_asked_to_end_any_more() // 403
    {
        var id = await AddInStateAsync(DeliveryState.Cancelled);

        await Store.RetryAsync([id], Now, Cancel);

        (await LeaseAsync()).ShouldHaveSingleItem().IsCancelRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Many_are_cancelled_discarded_and_retried_in_one_call()
    {
        await Store.AddAsync([.. Enumerable.Range(0, 1_200).Select(_ => TestDeliveries.New())], Cancel);
        var ids = Enumerable.Range(1, 1_200).Select(id => (long)id).ToList();

        (await Store.DiscardAsync(ids, Now, null, Cancel)).ShouldBe(1_200);
        (await Store.RetryAsync(ids, Now, Cancel)).ShouldBe(1_200);
        (await Store.CancelAsync(ids, Now, null, Cancel)).ShouldAllBe(result => result == CancelResult.Cancelled);

        (await Store.CountAsync(Now, Cancel)).ShouldBe([KeyValuePair.Create(DeliveryState.Cancelled, 1_200L)]);
    }

    [Fact]
    public async Task A_delivery_that_waits_is_moved_to_another_time() // 368
    {
        var scheduled = await AddInStateAsync(DeliveryState.Scheduled);

        (await Store.RescheduleAsync(scheduled, Now.AddMinutes(1), Now, Cancel)).ShouldBeTrue();
        (await LeaseAsync(Now.AddSeconds(59))).ShouldBeEmpty();
        (await ReadAsync(scheduled)).DueAt.ShouldBe(Now.AddMinutes(1));

        (await Store.RescheduleAsync(scheduled, Now, Now, Cancel)).ShouldBeTrue();
        (await StateOfAsync(scheduled)).ShouldBe(DeliveryState.Ready);

        (await Store.RescheduleAsync(scheduled, Now.AddHours(1), Now, Cancel)).ShouldBeTrue();
        (await StateOfAsync(scheduled)).ShouldBe(DeliveryState.Scheduled);
        (await LeaseAsync()).ShouldBeEmpty();
        (await LeaseAsync(Now.AddHours(1))).ShouldHaveSingleItem().DueAt.ShouldBe(Now.AddHours(1));
    }

    [Theory]
    [InlineData(DeliveryState.Leased)]
    [InlineData(DeliveryState.Completed)]
    [InlineData(DeliveryState.Failed)]
    [InlineData(DeliveryState.Parked)]
    [InlineData(DeliveryState.Discarded)]
    [InlineData(DeliveryState.Cancelled)]
    public async Task A_delivery_that_does_not_wait_is_not_moved(DeliveryState state)
    {
        var id = await AddInStateAsync(state);
        var before = await ReadAsync(id);

        (await Store.RescheduleAsync(id, Now.AddHours(7), Now, Cancel)).ShouldBeFalse();
        (await Store.RescheduleAsync(77, Now.AddHours(7), Now, Cancel)).ShouldBeFalse();

        (await ReadAsync(id)).ShouldBe(before);
    }

    private async Task<CancelResult> CancelAsync(long id, DateTimeOffset? now = null) =>
        (await Store.CancelAsync([id], now ?? Now, null, Cancel)).ShouldHaveSingleItem();
}
