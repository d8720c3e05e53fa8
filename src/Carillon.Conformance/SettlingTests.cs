using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>How attempts end.</summary>
public abstract class SettlingTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Fact]
    public async Task A_completed_delivery_is_gone_at_once_and_others_are_not_touched() // 224, 240
    {
        var leased = await AddAndLeaseAsync();
        var other = await AddAndLeaseAsync();

        (await SettleAsync(leased, DeliveryOutcome.Completed)).ShouldBeTrue();

        (await FindAsync(leased.Id)).ShouldBeNull();
        (await ReadAsync(other.Id)).State.ShouldBe(DeliveryState.Leased);
    }

    [Fact]
    public async Task A_completed_delivery_that_is_kept_says_when_it_completed() // 224, 240
    {
        var leased = await AddAndLeaseAsync();

        await SettleAsync(leased, DeliveryOutcome.Completed, at: Now.AddSeconds(5), keepUntil: Now.AddDays(1));

        var snapshot = await ReadAsync(leased.Id);
        snapshot.State.ShouldBe(DeliveryState.Completed);
        snapshot.DueAt.ShouldBe(Now.AddSeconds(5));
        snapshot.Attempts.ShouldBe(1);
        snapshot.Owner.ShouldBe("worker 1");
    }

    [Fact]
    public async Task A_failed_delivery_is_kept_with_its_reason_while_the_other_listeners_completes() // 225
    {
        var failed = await AddAndLeaseAsync(TestDeliveries.New(listenerId: "Sitemap"));
        var completed = await AddAndLeaseAsync(TestDeliveries.New(listenerId: "Notify"));

        var lost = await Store.SettleAsync(
            [
                new Settlement { Delivery = failed, Outcome = DeliveryOutcome.Failed, At = Now.AddSeconds(1), Error = "the disk burns" },
                new Settlement { Delivery = completed, Outcome = DeliveryOutcome.Completed, At = Now.AddSeconds(1) },
            ],
            Cancel);

        lost.ShouldBeEmpty();
        var snapshot = await ReadAsync(failed.Id);
        snapshot.State.ShouldBe(DeliveryState.Failed);
        snapshot.Error.ShouldBe("the disk burns");
        snapshot.DueAt.ShouldBe(Now.AddSeconds(1));
        (await FindAsync(completed.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task A_retry_waits_for_its_time_and_is_then_the_next_attempt()
    {
        var leased = await AddAndLeaseAsync();

        await SettleAsync(leased, DeliveryOutcome.Retry, retryAt: Now.AddMinutes(1), error: "not now");

        var snapshot = await ReadAsync(leased.Id);
        snapshot.State.ShouldBe(DeliveryState.Scheduled);
        snapshot.DueAt.ShouldBe(Now.AddMinutes(1));
        snapshot.Error.ShouldBe("not now");
        (await LeaseAsync(now: Now.AddSeconds(59))).ShouldBeEmpty();
        (await LeaseAsync(now: Now.AddMinutes(1))).ShouldHaveSingleItem().Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task A_retry_that_does_not_say_when_is_refused_and_nothing_of_the_call_has_happened()
    {
        var leased = await AddAndLeaseAsync();
        var other = await AddAndLeaseAsync();

        var exception = await Should.ThrowAsync<ArgumentException>(async () => await Store.SettleAsync(
            [
                new Settlement { Delivery = other, Outcome = DeliveryOutcome.Completed, At = Now },
                new Settlement { Delivery = leased, Outcome = DeliveryOutcome.Retry, At = Now },
            ],
            Cancel));

        exception.Message.ShouldContain("RetryAt");
        (await ReadAsync(other.Id)).State.ShouldBe(DeliveryState.Leased);
    }

    [Fact]
    public async Task A_released_delivery_is_ready_and_its_attempt_is_given_back() // 360
    {
        var leased = await AddAndLeaseAsync();

        await SettleAsync(leased, DeliveryOutcome.Released);

        var snapshot = await ReadAsync(leased.Id);
        snapshot.State.ShouldBe(DeliveryState.Ready);
        snapshot.Attempts.ShouldBe(0);
        var again = (await LeaseAsync()).ShouldHaveSingleItem();
        again.Attempt.ShouldBe(1);
        again.Token.ShouldBeGreaterThan(leased.Token);
    }

    [Fact]
    public async Task A_released_delivery_keeps_the_reason_of_the_attempt_before()
    {
        var leased = await AddAndLeaseAsync();
        await SettleAsync(leased, DeliveryOutcome.Retry, retryAt: Now, error: "not now");
        var again = (await LeaseAsync()).ShouldHaveSingleItem();

        await SettleAsync(again, DeliveryOutcome.Released);

        (await ReadAsync(leased.Id)).Error.ShouldBe("not now");
    }

    [Fact]
    public async Task A_completed_delivery_that_is_kept_has_no_reason_from_the_attempts_before()
    {
        var leased = await AddAndLeaseAsync();
        await SettleAsync(leased, DeliveryOutcome.Retry, retryAt: Now, error: "not now");
        var again = (await LeaseAsync()).ShouldHaveSingleItem();

        await SettleAsync(again, DeliveryOutcome.Completed, keepUntil: Now.AddDays(1));

        (await ReadAsync(leased.Id)).Error.ShouldBeNull();
    }

    [Fact]
    public async Task A_parked_delivery_is_kept_with_its_reason_and_its_attempt_does_not_count()
    {
        var leased = await AddAndLeaseAsync();

        await SettleAsync(leased, DeliveryOutcome.Parked, error: "nobody here knows 'poll.created'");

        var snapshot = await ReadAsync(leased.Id);
        snapshot.State.ShouldBe(DeliveryState.Parked);
        snapshot.Attempts.ShouldBe(0);
        snapshot.Error.ShouldBe("nobody here knows 'poll.created'");
    }

    [Theory]
    [InlineData(DeliveryOutcome.Completed)]
    [InlineData(DeliveryOutcome.Retry)]
    [InlineData(DeliveryOutcome.Failed)]
    [InlineData(DeliveryOutcome.Released)]
    [InlineData(DeliveryOutcome.Parked)]
    [InlineData(DeliveryOutcome.Snoozed)]
    [InlineData(DeliveryOutcome.Discarded)]
    [InlineData(DeliveryOutcome.Cancelled)]
    public async Task A_worker_that_lost_its_lease_settles_nothing(DeliveryOutcome outcome) // 295, 327
    {
        var lost = await AddAndLeaseAsync();
        var held = (await LeaseAsync(now: Now + LeaseTime, owner: "worker 2")).ShouldHaveSingleItem();
        var before = await ReadAsync(lost.Id);

        (await SettleAsync(lost, outcome, retryAt: Now, error: "too late")).ShouldBeFalse();

        (await ReadAsync(lost.Id)).ShouldBe(before);
        (await SettleAsync(held, outcome, retryAt: Now)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(DeliveryOutcome.Completed)]
    [InlineData(DeliveryOutcome.Retry)]
    [InlineData(DeliveryOutcome.Failed)]
    [InlineData(DeliveryOutcome.Released)]
    [InlineData(DeliveryOutcome.Parked)]
    [InlineData(DeliveryOutcome.Snoozed)]
    [InlineData(DeliveryOutcome.Discarded)]
    [InlineData(DeliveryOutcome.Cancelled)]
    public async Task A_delivery_is_settled_once(DeliveryOutcome outcome)
    {
        var leased = await AddAndLeaseAsync();
        (await SettleAsync(leased, outcome, retryAt: Now.AddMinutes(1), keepUntil: Now.AddDays(1))).ShouldBeTrue();

        (await SettleAsync(leased, DeliveryOutcome.Completed)).ShouldBeFalse();
        (await SettleAsync(leased, DeliveryOutcome.Failed)).ShouldBeFalse();

        (await FindAsync(leased.Id)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_lease_that_has_ended_can_still_be_settled_as_long_as_nobody_else_has_it()
    {
        var leased = await AddAndLeaseAsync();

        (await SettleAsync(leased, DeliveryOutcome.Completed, at: Now + (2 * LeaseTime))).ShouldBeTrue();
    }

    [Fact]
    public async Task Those_that_were_lost_are_named_and_the_others_are_settled()
    {
        var lost = await AddAndLeaseAsync();
        await LeaseAsync(now: Now + LeaseTime, owner: "worker 2");
        var held = await AddAndLeaseAsync();

        var refused = await Store.SettleAsync(
            [
                new Settlement { Delivery = lost, Outcome = DeliveryOutcome.Completed, At = Now },
                new Settlement { Delivery = held, Outcome = DeliveryOutcome.Completed, At = Now },
            ],
            Cancel);

        refused.ShouldBe([lost]);
        (await ReadAsync(lost.Id)).State.ShouldBe(DeliveryState.Leased);
        (await FindAsync(held.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task An_id_is_never_given_again() // a worker with a lost lease would take the new delivery for its own
    {
        var first = await AddAndLeaseAsync();
        await SettleAsync(first, DeliveryOutcome.Completed);

        var second = await AddAndLeaseAsync();

        second.Id.ShouldBeGreaterThan(first.Id);
        (await SettleAsync(first, DeliveryOutcome.Completed)).ShouldBeFalse();
        (await ReadAsync(second.Id)).State.ShouldBe(DeliveryState.Leased);
    }
}
