using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>A later event takes the place of an earlier one that has not started: debouncing.</summary>
public abstract class ReplacingTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Fact]
    public async Task The_later_event_and_its_due_time_take_the_place_of_the_first() // 255
    {
        var first = await AddAsync(Debounced(Now, payload: "first"));

        var second = await AddAsync(Debounced(Now.AddSeconds(10), payload: "second"));

        second.IsDuplicate.ShouldBeTrue();
        second.Id.ShouldBe(first.Id);
        (await ReadAsync(first.Id)).DueAt.ShouldBe(Now.AddSeconds(40));
        (await LeaseAsync(Now.AddSeconds(39))).ShouldBeEmpty();
        var leased = (await LeaseAsync(Now.AddSeconds(40))).ShouldHaveSingleItem();
        leased.Envelope.Id.ShouldBe(second.Envelope.Id);
        leased.Envelope.Time.ShouldBe(second.Envelope.Time);
        leased.Envelope.Payload.ToArray().ShouldBe("second"u8.ToArray());
        leased.Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task Events_that_never_pause_are_heard_by_the_longest_wait() // 255
    {
        for (var seconds = 0; seconds <= 120; seconds += 20)
        {
            await AddAsync(Debounced(Now.AddSeconds(seconds), maxWait: TimeSpan.FromSeconds(60)));
        }

        (await ReadAsync(1)).DueAt.ShouldBe(Now.AddSeconds(60));
    }

    [Fact]
    public async Task An_explicit_delay_of_the_later_event_counts() // 257
    {
        await AddAsync(Debounced(Now));

        await AddAsync(Debounced(Now.AddSeconds(1), dueAt: Now.AddMinutes(10)));

        (await ReadAsync(1)).DueAt.ShouldBe(Now.AddMinutes(10));
    }

    [Fact]
    public async Task A_later_event_that_is_due_at_once_is_ready()
    {
        await AddAsync(Debounced(Now));

        await AddAsync(Debounced(Now.AddSeconds(1), dueAt: Now.AddSeconds(1)));

        (await LeaseAsync(Now.AddSeconds(1))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task One_that_runs_is_not_replaced_and_keeps_the_later_one_out()
    {
        var first = await AddAsync(Debounced(Now, dueAt: Now, until: UniqueUntil.Done));
        await LeaseAsync();

        var second = await AddAsync(Debounced(Now.AddSeconds(1), until: UniqueUntil.Done));

        second.IsDuplicate.ShouldBeTrue();
        (await ReadAsync(first.Id)).EventId.ShouldBe(first.Envelope.Id);
    }

    [Theory]
    [InlineData(UniqueUntil.Started)]
    [InlineData(UniqueUntil.Done)]
    public async Task One_that_waits_for_its_second_attempt_is_replaced_and_keeps_its_attempts_and_its_due_time(UniqueUntil until)
    {
        var first = await AddAsync(Debounced(Now, dueAt: Now, until: until));
        await SettleAsync((await LeaseAsync()).ShouldHaveSingleItem(), DeliveryOutcome.Retry, retryAt: Now.AddMinutes(5), error: "no coffee");

        var second = await AddAsync(Debounced(Now.AddSeconds(1), payload: "second", until: until));

        (second.IsDuplicate, second.Id).ShouldBe((true, first.Id));
        (await LeaseAsync(Now.AddMinutes(4))).ShouldBeEmpty();
        var leased = (await LeaseAsync(Now.AddMinutes(5))).ShouldHaveSingleItem();
        leased.Envelope.Id.ShouldBe(second.Envelope.Id);
        leased.Envelope.Payload.ToArray().ShouldBe("second"u8.ToArray());
        leased.Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task One_that_waits_for_its_turn_after_an_attempt_is_replaced_and_keeps_its_place()
    {
        var key = new DeliveryKey("poll 1");
        var first = await AddAsync(Debounced(Now, dueAt: Now, key: key));
        await SettleAsync((await LeaseAsync()).ShouldHaveSingleItem(), DeliveryOutcome.Retry, retryAt: Now.AddSeconds(10));
        var running = await AddAndLeaseAsync(TestDeliveries.New(key: key));
        (await LeaseAsync(Now.AddSeconds(10))).ShouldBeEmpty();

        var second = await AddAsync(Debounced(Now.AddSeconds(11), dueAt: Now.AddMinutes(1), key: key));

        second.Id.ShouldBe(first.Id);
        await SettleAsync(running, DeliveryOutcome.Completed);
        (await LeaseAsync(Now.AddSeconds(12))).ShouldHaveSingleItem().Envelope.Id.ShouldBe(second.Envelope.Id);
    }

    [Fact]
    public async Task One_that_does_not_replace_leaves_the_first_as_it_is()
    {
        var first = await AddAsync(Debounced(Now));

        await AddAsync(Debounced(Now.AddSeconds(1), replaces: false));

        var snapshot = await ReadAsync(first.Id);
        snapshot.EventId.ShouldBe(first.Envelope.Id);
        snapshot.DueAt.ShouldBe(Now.AddSeconds(30));
    }

    [Fact]
    public async Task Three_in_one_batch_are_the_last_of_them()
    {
        NewDelivery[] batch = [Debounced(Now), Debounced(Now.AddSeconds(1)), Debounced(Now.AddSeconds(2))];

        await Store.AddAsync(batch, Cancel);

        batch.Select(delivery => delivery.Id).ShouldBe([1, 1, 1]);
        var snapshot = await ReadAsync(1);
        snapshot.EventId.ShouldBe(batch[2].Envelope.Id);
        snapshot.DueAt.ShouldBe(Now.AddSeconds(32));
    }

    [Fact]
    public async Task One_that_waits_for_its_turn_is_replaced_and_keeps_its_place()
    {
        var key = new DeliveryKey("poll 1") { IsOrdered = true };
        await AddAsync(TestDeliveries.New(key: key));
        var first = await AddAsync(Debounced(Now, dueAt: Now, key: key));
        var running = (await LeaseAsync()).ShouldHaveSingleItem();

        var second = await AddAsync(Debounced(Now.AddSeconds(1), dueAt: Now.AddMinutes(1), key: key));

        second.Id.ShouldBe(first.Id);
        (await LeaseAsync()).ShouldBeEmpty();
        await SettleAsync(running, DeliveryOutcome.Completed);
        (await LeaseAsync(Now.AddSeconds(59))).ShouldBeEmpty();
        (await LeaseAsync(Now.AddMinutes(1))).ShouldHaveSingleItem().Envelope.Id.ShouldBe(second.Envelope.Id);
    }

    [Fact]
    public async Task A_longest_wait_without_end_is_none()
    {
        await AddAsync(Debounced(Now, maxWait: TimeSpan.MaxValue));
        var second = await AddAsync(Debounced(Now.AddSeconds(10), maxWait: TimeSpan.MaxValue));

        (await LeaseAsync(Now.AddSeconds(39))).ShouldBeEmpty();
        (await LeaseAsync(Now.AddSeconds(40))).ShouldHaveSingleItem().Envelope.Id.ShouldBe(second.Envelope.Id);
    }

    private static NewDelivery Debounced(
        DateTimeOffset at,
        DateTimeOffset? dueAt = null,
        string payload = "{}",
        TimeSpan? maxWait = null,
        UniqueUntil until = UniqueUntil.Started,
        bool replaces = true,
        DeliveryKey? key = null) =>
        TestDeliveries.New(
            time: at,
            dueAt: dueAt ?? at.AddSeconds(30),
            payload: System.Text.Encoding.UTF8.GetBytes(payload),
            key: key,
            unique: new DeliveryUniqueness("Sitemap:poll 1", until) { Replaces = replaces, MaxWait = maxWait });
}
