using System.Collections.Frozen;
using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>The order of a key when the one at its head does not simply complete.</summary>
public abstract class OrderAfterFailureTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Theory]
    [InlineData(DeliveryOutcome.Retry)]
    [InlineData(DeliveryOutcome.Snoozed)]
    public async Task Those_behind_wait_until_one_that_comes_again_is_settled(DeliveryOutcome outcome) // 316
    {
        await AddThreeAsync();
        var head = await LeaseOneAsync();

        await SettleAsync(head, outcome, retryAt: Now.AddMinutes(1), error: "not now");

        (await LeaseAsync(Now.AddSeconds(59))).ShouldBeEmpty();
        head = await LeaseOneAsync(Now.AddMinutes(1));
        head.Id.ShouldBe(1);
        await SettleAsync(head, DeliveryOutcome.Completed);
        (await LeaseOneAsync()).Id.ShouldBe(2);
    }

    [Fact]
    public async Task One_that_was_released_is_again_the_first()
    {
        await AddThreeAsync();
        var head = await LeaseOneAsync();

        await SettleAsync(head, DeliveryOutcome.Released);

        (await LeaseOneAsync()).Id.ShouldBe(1);
    }

    [Fact]
    public async Task Those_behind_one_that_failed_wait_while_other_keys_go_on() // 316
    {
        await AddThreeAsync();
        await SettleAsync(await LeaseOneAsync(), DeliveryOutcome.Failed, error: "no more attempts");
        var other = await AddAsync(TestDeliveries.New(key: new DeliveryKey("order 2") { IsOrdered = true }));

        (await LeaseIdsAsync(Now.AddYears(1))).ShouldBe([other.Id]);
    }

    [Fact]
    public async Task A_head_that_failed_and_is_retried_runs_before_those_behind_it() // 316, 403
    {
        await AddThreeAsync();
        await SettleAsync(await LeaseOneAsync(), DeliveryOutcome.Failed);
        (await LeaseAsync()).ShouldBeEmpty();

        await Store.RetryAsync([1], Now, Cancel);

        var head = await LeaseOneAsync();
        head.Id.ShouldBe(1);
        await SettleAsync(head, DeliveryOutcome.Completed);
        (await LeaseOneAsync()).Id.ShouldBe(2);
    }

    [Fact]
    public async Task A_head_that_failed_and_is_discarded_lets_the_next_one_go() // 316
    {
        await AddThreeAsync();
        await SettleAsync(await LeaseOneAsync(), DeliveryOutcome.Failed);
        (await LeaseAsync()).ShouldBeEmpty();

        await Store.DiscardAsync([1], Now, null, Cancel);

        (await LeaseOneAsync()).Id.ShouldBe(2);
    }

    [Fact]
    public async Task A_head_that_failed_and_is_cancelled_lets_the_next_one_go() // 316, 398
    {
        await AddThreeAsync();
        await SettleAsync(await LeaseOneAsync(), DeliveryOutcome.Failed);
        (await LeaseAsync()).ShouldBeEmpty();

        await Store.CancelAsync([1], Now, null, Cancel);

        (await LeaseOneAsync()).Id.ShouldBe(2);
    }

    [Fact]
    public async Task A_head_that_failed_and_is_kept_no_longer_lets_the_next_one_go() // 316, 417
    {
        await AddThreeAsync();
        await SettleAsync(await LeaseOneAsync(), DeliveryOutcome.Failed, keepUntil: Now.AddHours(1));
        (await LeaseAsync()).ShouldBeEmpty();

        await SweepAsync(Now.AddHours(1));

        (await FindAsync(1)).ShouldBeNull();
        (await LeaseOneAsync(Now.AddHours(1))).Id.ShouldBe(2);
    }

    [Theory]
    [InlineData(DeliveryOutcome.Discarded)]
    [InlineData(DeliveryOutcome.Cancelled)]
    public async Task A_head_that_its_worker_gives_up_lets_the_next_one_go(DeliveryOutcome outcome) // 316, 409
    {
        await AddThreeAsync();

        await SettleAsync(await LeaseOneAsync(), outcome, error: "of no use");

        (await LeaseOneAsync()).Id.ShouldBe(2);
    }

    [Fact]
    public async Task Where_failures_are_skipped_the_next_one_goes() // 322
    {
        await AddThreeAsync(skipsFailed: true);

        await SettleAsync(await LeaseOneAsync(), DeliveryOutcome.Failed);

        (await LeaseOneAsync()).Id.ShouldBe(2);
    }

    [Fact]
    public async Task Where_failures_are_skipped_a_retry_is_waited_for_all_the_same() // 322
    {
        await AddThreeAsync(skipsFailed: true);

        await SettleAsync(await LeaseOneAsync(), DeliveryOutcome.Retry, retryAt: Now.AddMinutes(1));

        (await LeaseAsync()).ShouldBeEmpty();
        (await LeaseOneAsync(Now.AddMinutes(1))).Id.ShouldBe(1);
    }

    [Fact]
    public async Task One_that_was_skipped_and_is_retried_waits_for_the_one_that_runs_and_goes_before_the_others() // 322, 403
    {
        await AddThreeAsync(skipsFailed: true);
        await SettleAsync(await LeaseOneAsync(), DeliveryOutcome.Failed);
        var second = await LeaseOneAsync();

        await Store.RetryAsync([1], Now, Cancel);

        (await LeaseAsync()).ShouldBeEmpty();
        await SettleAsync(second, DeliveryOutcome.Completed);
        var first = await LeaseOneAsync();
        first.Id.ShouldBe(1);
        await SettleAsync(first, DeliveryOutcome.Completed);
        (await LeaseOneAsync()).Id.ShouldBe(3);
    }

    [Theory]
    [InlineData(DeliveryOutcome.Retry)]
    [InlineData(DeliveryOutcome.Snoozed)]
    [InlineData(DeliveryOutcome.Released)]
    [InlineData(DeliveryOutcome.Failed)]
    [InlineData(DeliveryOutcome.Parked)]
    public async Task One_that_is_retried_while_a_later_one_runs_and_that_one_wait_for_each_other_never(DeliveryOutcome outcome) // 316
    {
        await AddThreeAsync(skipsFailed: true);
        await SettleAsync(await LeaseOneAsync(), DeliveryOutcome.Failed);
        var second = await LeaseOneAsync();
        await Store.RetryAsync([1], Now, Cancel);
        (await LeaseAsync()).ShouldBeEmpty(); // the first is parked behind the second

        await SettleAsync(second, outcome, retryAt: Now);

        var first = await LeaseOneAsync();
        first.Id.ShouldBe(1);
        await SettleAsync(first, DeliveryOutcome.Completed);
        if (outcome != DeliveryOutcome.Parked)
        {
            (await LeaseOneAsync()).Id.ShouldBe(outcome == DeliveryOutcome.Failed ? 3 : 2);
        }
    }

    [Fact]
    public async Task One_that_is_retried_and_a_later_one_whose_worker_died_wait_for_each_other_never() // 316, 448
    {
        await AddThreeAsync(skipsFailed: true);
        await SettleAsync(await LeaseOneAsync(), DeliveryOutcome.Failed);
        (await LeaseOneAsync()).Id.ShouldBe(2);
        await Store.RetryAsync([1], Now, Cancel);
        (await LeaseAsync()).ShouldBeEmpty(); // the first is parked behind the second

        var first = await LeaseOneAsync(Now + LeaseTime);

        first.Id.ShouldBe(1);
        await SettleAsync(first, DeliveryOutcome.Completed, at: Now + LeaseTime);
        (await LeaseOneAsync(Now + LeaseTime)).Id.ShouldBe(2);
    }

    [Fact]
    public async Task A_completed_one_that_is_run_once_more_goes_before_those_that_wait() // 403
    {
        await AddThreeAsync();
        await SettleAsync(await LeaseOneAsync(), DeliveryOutcome.Completed, keepUntil: Now.AddDays(1));
        var second = await LeaseOneAsync();

        await Store.RetryAsync([1], Now, Cancel);

        (await LeaseAsync()).ShouldBeEmpty();
        await SettleAsync(second, DeliveryOutcome.Completed);
        (await LeaseOneAsync()).Id.ShouldBe(1);
    }

    [Fact]
    public async Task One_whose_name_nobody_knows_keeps_those_behind_it_waiting_until_it_is_known_and_settled() // 316
    {
        await AddThreeAsync();
        await SettleAsync(await LeaseOneAsync(), DeliveryOutcome.Parked, error: "nobody here knows it");

        (await LeaseAsync(Now.AddYears(1))).ShouldBeEmpty();
        (await SweepAsync(Now)).ShouldBe(1);

        var head = await LeaseOneAsync();
        head.Id.ShouldBe(1);
        await SettleAsync(head, DeliveryOutcome.Completed);
        (await LeaseOneAsync()).Id.ShouldBe(2);
    }

    [Fact]
    public async Task One_that_waits_behind_another_and_is_discarded_is_missed_by_nobody()
    {
        await AddThreeAsync();
        var head = await LeaseOneAsync();
        (await LeaseAsync()).ShouldBeEmpty();

        (await Store.DiscardAsync([2], Now, null, Cancel)).ShouldBe(1);

        var discarded = await ReadAsync(2);
        discarded.State.ShouldBe(DeliveryState.Discarded);
        discarded.Behind.ShouldBeNull();
        (await LeaseAsync()).ShouldBeEmpty("the head still runs");
        await SettleAsync(head, DeliveryOutcome.Completed);
        (await LeaseOneAsync()).Id.ShouldBe(3);
    }

    [Fact]
    public async Task One_that_waits_behind_another_and_is_cancelled_is_missed_by_nobody() // 398
    {
        await AddThreeAsync();
        var head = await LeaseOneAsync();
        (await LeaseAsync()).ShouldBeEmpty();

        (await Store.CancelAsync([2], Now, null, Cancel)).ShouldBe([CancelResult.Cancelled]);

        await SettleAsync(head, DeliveryOutcome.Completed);
        (await LeaseOneAsync()).Id.ShouldBe(3);
    }

    [Fact]
    public async Task One_that_is_retried_out_of_its_turn_is_parked_again() // 403
    {
        await AddThreeAsync();
        await LeaseOneAsync();
        (await LeaseAsync()).ShouldBeEmpty();

        await Store.RetryAsync([2], Now, Cancel);

        (await LeaseAsync()).ShouldBeEmpty();
        (await StateOfAsync(2)).ShouldBe(DeliveryState.Parked);
    }

    private async Task AddThreeAsync(bool skipsFailed = false)
    {
        var key = new DeliveryKey("order 1") { IsOrdered = true, SkipsFailed = skipsFailed };
        await Store.AddAsync([TestDeliveries.New(key: key), TestDeliveries.New(key: key), TestDeliveries.New(key: key)], Cancel);
    }

    private async Task<LeasedDelivery> LeaseOneAsync(DateTimeOffset? now = null) => (await LeaseAsync(now)).ShouldHaveSingleItem();

    private ValueTask<int> SweepAsync(DateTimeOffset now) =>
        Store.SweepAsync(new SweepRequest(new KnownNames(FrozenSet.Create("poll.created"), FrozenSet.Create("Sitemap")), now), Cancel);
}
