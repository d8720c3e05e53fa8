using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>What each way to end an attempt leaves behind, and the attempts that failed.</summary>
public abstract class OutcomeTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Theory]
    [InlineData(DeliveryOutcome.Completed, DeliveryState.Completed, 1)]
    [InlineData(DeliveryOutcome.Retry, DeliveryState.Scheduled, 1)]
    [InlineData(DeliveryOutcome.Failed, DeliveryState.Failed, 1)]
    [InlineData(DeliveryOutcome.Released, DeliveryState.Ready, 0)]
    [InlineData(DeliveryOutcome.Parked, DeliveryState.Parked, 0)]
    [InlineData(DeliveryOutcome.Snoozed, DeliveryState.Scheduled, 0)]
    [InlineData(DeliveryOutcome.Discarded, DeliveryState.Discarded, 1)]
    [InlineData(DeliveryOutcome.Cancelled, DeliveryState.Cancelled, 1)]
    public async Task Each_outcome_leads_to_its_state(DeliveryOutcome outcome, DeliveryState state, int attempts) // 409
    {
        var leased = await AddAndLeaseAsync();

        await SettleAsync(leased, outcome, at: Now.AddSeconds(5), retryAt: Now.AddMinutes(1), keepUntil: Now.AddDays(1), error: "the reason");

        var snapshot = await ReadAsync(leased.Id);
        snapshot.State.ShouldBe(state);
        snapshot.Attempts.ShouldBe(attempts);
        snapshot.Error.ShouldBe(outcome == DeliveryOutcome.Completed ? null : "the reason");
        snapshot.DueAt.ShouldBe(state == DeliveryState.Scheduled ? Now.AddMinutes(1) : Now.AddSeconds(5));
        snapshot.Owner.ShouldBe("worker 1");
        snapshot.Behind.ShouldBeNull();
    }

    [Fact]
    public async Task A_snooze_does_not_count_as_an_attempt() // 375
    {
        var leased = await AddAndLeaseAsync();
        await SettleAsync(leased, DeliveryOutcome.Snoozed, retryAt: Now.AddMinutes(1));

        (await LeaseAsync(Now.AddSeconds(59))).ShouldBeEmpty();
        var again = (await LeaseAsync(Now.AddMinutes(1))).ShouldHaveSingleItem();

        again.Attempt.ShouldBe(1);
        again.Token.ShouldBeGreaterThan(leased.Token);
        (await Store.FindAsync(leased.Id, Now, Cancel)).ShouldNotBeNull().FailedAttempts.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_snooze_of_nothing_is_due_at_once() // 376
    {
        var leased = await AddAndLeaseAsync();

        await SettleAsync(leased, DeliveryOutcome.Snoozed, retryAt: Now);

        (await StateOfAsync(leased.Id)).ShouldBe(DeliveryState.Ready);
        (await LeaseAsync()).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(DeliveryOutcome.Retry)]
    [InlineData(DeliveryOutcome.Snoozed)]
    public async Task What_comes_again_and_does_not_say_when_is_refused(DeliveryOutcome outcome)
    {
        var leased = await AddAndLeaseAsync();

        (await Should.ThrowAsync<ArgumentException>(async () => await SettleAsync(leased, outcome))).Message.ShouldContain("RetryAt");

        (await StateOfAsync(leased.Id)).ShouldBe(DeliveryState.Leased);
    }

    [Fact]
    public async Task An_outcome_that_is_none_is_refused_and_nothing_of_the_call_has_happened()
    {
        var leased = await AddAndLeaseAsync();
        var other = await AddAndLeaseAsync();

        await Should.ThrowAsync<ArgumentException>(async () => await Store.SettleAsync(
            [Settle(other, DeliveryOutcome.Completed), Settle(leased, (DeliveryOutcome)77)], Cancel));

        (await StateOfAsync(other.Id)).ShouldBe(DeliveryState.Leased);
    }

    [Fact]
    public async Task The_attempts_that_failed_are_listed_with_their_number_their_time_and_their_error() // 410
    {
        var leased = await AddAndLeaseAsync();
        await SettleAsync(leased, DeliveryOutcome.Retry, at: Now.AddTicks(1), retryAt: Now, error: "the first");
        await SettleAsync((await LeaseAsync()).ShouldHaveSingleItem(), DeliveryOutcome.Snoozed, retryAt: Now);
        await SettleAsync((await LeaseAsync()).ShouldHaveSingleItem(), DeliveryOutcome.Retry, at: Now.AddSeconds(2), retryAt: Now, error: "the second");
        await SettleAsync((await LeaseAsync()).ShouldHaveSingleItem(), DeliveryOutcome.Failed, at: Now.AddSeconds(3), error: "the last");

        var details = (await Store.FindAsync(leased.Id, Now, Cancel)).ShouldNotBeNull();

        details.Delivery.State.ShouldBe(DeliveryState.Failed);
        details.Delivery.Error.ShouldBe("the last");
        details.FailedAttempts.ShouldBe(
            [
                new DeliveryAttempt(1, Now.AddTicks(1), "the first"),
                new DeliveryAttempt(2, Now.AddSeconds(2), "the second"),
                new DeliveryAttempt(3, Now.AddSeconds(3), "the last"),
            ]);
    }

    [Fact]
    public async Task The_attempts_that_failed_stay_listed_when_a_person_retries() // 403, 410
    {
        var leased = await AddAndLeaseAsync();
        await SettleAsync(leased, DeliveryOutcome.Failed, error: "before");
        await Store.RetryAsync([leased.Id], Now, Cancel);
        await SettleAsync((await LeaseAsync()).ShouldHaveSingleItem(), DeliveryOutcome.Failed, error: "after");

        (await Store.FindAsync(leased.Id, Now, Cancel)).ShouldNotBeNull().FailedAttempts.Select(attempt => (attempt.Number, attempt.Error))
            .ShouldBe([(1, "before"), (1, "after")]);
    }

    [Fact]
    public async Task The_failed_attempts_of_one_delivery_are_not_those_of_another() // 225
    {
        var one = await AddAndLeaseAsync();
        var other = await AddAndLeaseAsync();

        await SettleAsync(one, DeliveryOutcome.Failed, error: "mine");

        (await Store.FindAsync(other.Id, Now, Cancel)).ShouldNotBeNull().FailedAttempts.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_error_that_is_not_given_is_empty_in_the_list()
    {
        var leased = await AddAndLeaseAsync();

        await SettleAsync(leased, DeliveryOutcome.Failed);

        (await Store.FindAsync(leased.Id, Now, Cancel)).ShouldNotBeNull().FailedAttempts.ShouldHaveSingleItem().Error.ShouldBe("");
    }

    [Fact]
    public async Task A_delivery_is_found_with_its_event_and_one_that_is_not_there_is_not()
    {
        var added = await AddAsync(TestDeliveries.New(payload: "{\"id\":7}"u8.ToArray()));

        var details = (await Store.FindAsync(added.Id, Now, Cancel)).ShouldNotBeNull();

        details.Delivery.ShouldBe((await Store.ListAsync(new DeliveryQuery(), Now, Cancel)).ShouldHaveSingleItem());
        details.Envelope.Id.ShouldBe(added.Envelope.Id);
        details.Envelope.EventName.ShouldBe("poll.created");
        details.Envelope.Payload.ToArray().ShouldBe(added.Envelope.Payload.ToArray());
        details.FailedAttempts.ShouldBeEmpty();
        (await Store.FindAsync(77, Now, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_delivery_that_failed_a_hundred_times_lists_them_all() // 274, 410
    {
        await AddAsync();
        for (var attempt = 1; attempt <= 100; attempt++)
        {
            var leased = (await LeaseAsync()).ShouldHaveSingleItem();
            leased.Attempt.ShouldBe(attempt);
            await SettleAsync(leased, DeliveryOutcome.Retry, retryAt: Now, error: $"attempt {attempt}");
        }

        (await Store.FindAsync(1, Now, Cancel)).ShouldNotBeNull().FailedAttempts.Select(attempt => attempt.Error)
            .ShouldBe(Enumerable.Range(1, 100).Select(attempt => $"attempt {attempt}"));
    }
}
