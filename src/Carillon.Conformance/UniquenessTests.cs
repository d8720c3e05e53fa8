using System.Collections.Frozen;
using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>A second delivery with a unique key stays out while the first one counts.</summary>
public abstract class UniquenessTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    private const string Key = "Sitemap:poll 1";

    [Theory]
    [InlineData(UniqueUntil.Started)]
    [InlineData(UniqueUntil.Done)]
    public async Task A_second_one_is_left_out_and_has_the_id_of_the_first(UniqueUntil until) // 251, 382, 395
    {
        var first = await AddAsync(Unique(until));

        var second = await AddAsync(Unique(until));

        first.IsDuplicate.ShouldBeFalse();
        second.IsDuplicate.ShouldBeTrue();
        second.Id.ShouldBe(first.Id);
        (await LeaseAsync()).ShouldHaveSingleItem().Envelope.Id.ShouldBe(first.Envelope.Id);
    }

    [Fact]
    public async Task A_second_one_from_another_process_is_left_out_too() // 382
    {
        var first = await AddAsync(Unique(UniqueUntil.Done));
        var another = await OpenAnotherAsync();

        var second = Unique(UniqueUntil.Done);
        await another.AddAsync([second], Cancel);

        second.IsDuplicate.ShouldBeTrue();
        second.Id.ShouldBe(first.Id);
    }

    [Fact]
    public async Task Other_keys_and_those_without_are_let_in() // 386
    {
        await AddAsync(Unique(UniqueUntil.Done));

        (await AddAsync(Unique(UniqueUntil.Done, key: "sitemap:poll 1"))).IsDuplicate.ShouldBeFalse();
        (await AddAsync(Unique(UniqueUntil.Done, key: ""))).IsDuplicate.ShouldBeFalse();
        (await AddAsync()).IsDuplicate.ShouldBeFalse();
        (await LeaseAsync()).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Of_two_in_one_batch_the_second_is_left_out() // 382
    {
        NewDelivery[] batch = [Unique(UniqueUntil.Done), TestDeliveries.New(), Unique(UniqueUntil.Done), TestDeliveries.New()];

        await Store.AddAsync(batch, Cancel);

        batch.Select(delivery => delivery.IsDuplicate).ShouldBe([false, false, true, false]);
        batch[2].Id.ShouldBe(batch[0].Id);
        (await LeaseIdsAsync()).ShouldBe([batch[0].Id, batch[1].Id, batch[3].Id]);
    }

    [Fact]
    public async Task One_that_is_unique_until_it_starts_lets_another_in_once_it_is_leased() // 252, 393
    {
        var first = await AddAndLeaseAsync(Unique(UniqueUntil.Started));

        var second = await AddAsync(Unique(UniqueUntil.Started));

        second.IsDuplicate.ShouldBeFalse();
        (await StateOfAsync(first.Id)).ShouldBe(DeliveryState.Leased);
        (await AddAsync(Unique(UniqueUntil.Started))).Id.ShouldBe(second.Id);
    }

    [Fact]
    public async Task One_that_is_written_as_leased_has_started() // 252
    {
        var lease = new DeliveryLease("this process", Now + LeaseTime);
        await AddAsync(Unique(UniqueUntil.Started, lease: lease));
        await AddAsync(Unique(UniqueUntil.Done, key: "another", lease: lease));

        (await AddAsync(Unique(UniqueUntil.Started))).IsDuplicate.ShouldBeFalse();
        (await AddAsync(Unique(UniqueUntil.Done, key: "another"))).IsDuplicate.ShouldBeTrue();
    }

    [Fact]
    public async Task One_that_is_unique_until_it_is_done_keeps_others_out_while_it_runs_and_waits_for_its_next_attempt() // 252
    {
        var first = await AddAndLeaseAsync(Unique(UniqueUntil.Done));
        (await AddAsync(Unique(UniqueUntil.Done))).Id.ShouldBe(first.Id);

        await SettleAsync(first, DeliveryOutcome.Retry, retryAt: Now.AddMinutes(1));

        (await AddAsync(Unique(UniqueUntil.Done))).Id.ShouldBe(first.Id);
    }

    [Theory]
    [InlineData(DeliveryOutcome.Completed, false)]
    [InlineData(DeliveryOutcome.Completed, true)]
    [InlineData(DeliveryOutcome.Failed, false)]
    [InlineData(DeliveryOutcome.Discarded, false)]
    [InlineData(DeliveryOutcome.Cancelled, false)]
    public async Task One_that_is_done_lets_another_in(DeliveryOutcome outcome, bool isKept) // 252, 387
    {
        var first = await AddAndLeaseAsync(Unique(UniqueUntil.Done));

        await SettleAsync(first, outcome, keepUntil: isKept ? Now.AddDays(1) : null);

        var second = await AddAsync(Unique(UniqueUntil.Done));
        second.IsDuplicate.ShouldBeFalse();
        second.Id.ShouldNotBe(first.Id);
        if (await FindAsync(first.Id) is { } over)
        {
            over.UniqueKey.ShouldBeNull("it is not unique any more");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_is_given_up_before_it_runs_lets_another_in(bool isCancelled) // 253, 387
    {
        var first = await AddAsync(Unique(UniqueUntil.Started));

        if (isCancelled)
        {
            await Store.CancelAsync([first.Id], Now, null, Cancel);
        }
        else
        {
            await Store.DiscardAsync([first.Id], Now, null, Cancel);
        }

        (await AddAsync(Unique(UniqueUntil.Started))).IsDuplicate.ShouldBeFalse();
    }

    [Fact]
    public async Task One_that_ends_does_not_end_the_uniqueness_of_another() // 219, 253
    {
        var first = await AddAndLeaseAsync(Unique(UniqueUntil.Started));
        var second = await AddAsync(Unique(UniqueUntil.Started));

        await SettleAsync(first, DeliveryOutcome.Completed);

        (await AddAsync(Unique(UniqueUntil.Started))).Id.ShouldBe(second.Id);
    }

    [Theory]
    [InlineData(DeliveryOutcome.Retry)]
    [InlineData(DeliveryOutcome.Snoozed)]
    [InlineData(DeliveryOutcome.Released)]
    [InlineData(DeliveryOutcome.Parked)]
    public async Task One_that_was_unique_until_it_started_and_comes_again_gives_way_to_a_newer_one(DeliveryOutcome outcome) // 394
    {
        var first = await AddAndLeaseAsync(Unique(UniqueUntil.Started));
        var second = await AddAsync(Unique(UniqueUntil.Started));

        (await SettleAsync(first, outcome, retryAt: Now, error: "not now")).ShouldBeTrue();

        var discarded = (await Store.FindAsync(first.Id, Now, Cancel)).ShouldNotBeNull();
        discarded.Delivery.State.ShouldBe(DeliveryState.Discarded);
        discarded.Delivery.Error.ShouldBe(Settlement.SupersededReason);
        discarded.FailedAttempts.Select(attempt => attempt.Error).ShouldBe(outcome == DeliveryOutcome.Retry ? ["not now"] : []);
        (await LeaseIdsAsync()).ShouldBe([second.Id]);
    }

    [Theory]
    [InlineData(DeliveryOutcome.Retry)]
    [InlineData(DeliveryOutcome.Snoozed)]
    [InlineData(DeliveryOutcome.Released)]
    [InlineData(DeliveryOutcome.Parked)]
    public async Task One_that_was_unique_until_it_started_and_comes_again_is_unique_again(DeliveryOutcome outcome) // 394
    {
        var first = await AddAndLeaseAsync(Unique(UniqueUntil.Started));
        (await ReadAsync(first.Id)).UniqueKey.ShouldBeNull();

        await SettleAsync(first, outcome, retryAt: Now.AddMinutes(1));

        (await ReadAsync(first.Id)).UniqueKey.ShouldBe(Key);
        (await AddAsync(Unique(UniqueUntil.Started))).Id.ShouldBe(first.Id);
    }

    [Fact]
    public async Task One_that_is_retried_by_a_person_is_unique_again() // 394, 403
    {
        var first = await AddAndLeaseAsync(Unique(UniqueUntil.Done));
        await SettleAsync(first, DeliveryOutcome.Failed);

        (await Store.RetryAsync([first.Id], Now, Cancel)).ShouldBe(1);

        (await ReadAsync(first.Id)).UniqueKey.ShouldBe(Key);
        (await AddAsync(Unique(UniqueUntil.Done))).Id.ShouldBe(first.Id);
    }

    [Fact]
    public async Task One_whose_key_a_newer_one_has_is_not_retried_by_a_person_either() // 394
    {
        var first = await AddAndLeaseAsync(Unique(UniqueUntil.Done));
        await SettleAsync(first, DeliveryOutcome.Failed, error: "no more attempts");
        var second = await AddAsync(Unique(UniqueUntil.Done));
        var before = await ReadAsync(first.Id);

        (await Store.RetryAsync([first.Id], Now, Cancel)).ShouldBe(0);

        (await ReadAsync(first.Id)).ShouldBe(before);
        (await LeaseIdsAsync()).ShouldBe([second.Id]);
    }

    [Fact]
    public async Task Of_two_with_one_key_that_are_retried_together_one_is_ready() // 394
    {
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await SettleAsync(await AddAndLeaseAsync(Unique(UniqueUntil.Done)), DeliveryOutcome.Failed);
        }

        (await Store.RetryAsync([1, 2], Now, Cancel)).ShouldBe(1);

        (await LeaseAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task One_that_counts_for_a_period_counts_until_its_end_whatever_becomes_of_it() // 382, 383, 395
    {
        var first = await AddAndLeaseAsync(UniqueFor(TimeSpan.FromHours(1)));
        (await AddAsync(UniqueFor(TimeSpan.FromHours(1)))).Id.ShouldBe(first.Id);

        await SettleAsync(first, DeliveryOutcome.Completed, at: Now);

        var within = await AddAsync(UniqueFor(TimeSpan.FromHours(1), at: Now.AddHours(1) - TimeSpan.FromTicks(1)));
        within.IsDuplicate.ShouldBeTrue();
        within.Id.ShouldBe(first.Id);
        (await StateOfAsync(first.Id)).ShouldBe(DeliveryState.Completed, "it is kept for as long as it counts");
        var after = await AddAsync(UniqueFor(TimeSpan.FromHours(1), at: Now.AddHours(1)));
        after.IsDuplicate.ShouldBeFalse();
        after.Id.ShouldNotBe(first.Id);
        (await AddAsync(UniqueFor(TimeSpan.FromHours(1), at: Now.AddHours(1)))).Id.ShouldBe(after.Id);
    }

    [Fact]
    public async Task One_that_counts_for_a_period_is_removed_after_it() // 240, 383
    {
        var first = await AddAndLeaseAsync(UniqueFor(TimeSpan.FromHours(1)));
        await SettleAsync(first, DeliveryOutcome.Completed, keepUntil: Now.AddMinutes(1));

        await SweepAsync(Now.AddMinutes(1));
        (await AddAsync(UniqueFor(TimeSpan.FromHours(1)))).Id.ShouldBe(first.Id);

        await SweepAsync(Now.AddHours(1));
        (await FindAsync(first.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task One_that_waits_longer_than_its_period_keeps_nobody_out() // 383
    {
        var first = await AddAsync(UniqueFor(TimeSpan.FromMinutes(1), dueAt: Now.AddHours(1)));

        var second = await AddAsync(UniqueFor(TimeSpan.FromMinutes(1), at: Now.AddMinutes(1)));

        second.IsDuplicate.ShouldBeFalse();
        (await LeaseIdsAsync(Now.AddHours(1))).ShouldBe([second.Id, first.Id]);
    }

    [Fact]
    public async Task The_key_shows_while_it_counts()
    {
        var first = await AddAsync(Unique(UniqueUntil.Started));
        (await ReadAsync(first.Id)).UniqueKey.ShouldBe(Key);

        await LeaseAsync();

        (await ReadAsync(first.Id)).UniqueKey.ShouldBeNull();
    }

    private static NewDelivery Unique(UniqueUntil until, string key = Key, DeliveryLease? lease = null) =>
        TestDeliveries.New(unique: new DeliveryUniqueness(key, until), lease: lease);

    private static NewDelivery UniqueFor(TimeSpan period, DateTimeOffset? at = null, DateTimeOffset? dueAt = null) =>
        TestDeliveries.New(time: at ?? Now, dueAt: dueAt ?? at ?? Now, unique: new DeliveryUniqueness(Key, UniqueUntil.Started) { EndsAt = (at ?? Now) + period });

    private async Task SweepAsync(DateTimeOffset now) =>
        await Store.SweepAsync(new SweepRequest(new KnownNames(FrozenSet<string>.Empty, FrozenSet<string>.Empty), now), Cancel);
}
