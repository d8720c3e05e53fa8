using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>Several transactions that write at the same time.</summary>
public abstract class SideBySideTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    private const DeliveryStoreFeatures Both = DeliveryStoreFeatures.JoinsTransactions | DeliveryStoreFeatures.WritesSideBySide;

    [Fact]
    public async Task What_an_open_transaction_has_added_is_not_leased_and_what_others_add_is() // 452
    {
        Needs(Both);
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        var open = TestDeliveries.New();
        await Store.AddAsync(transaction, [open], Cancel);
        var other = await AddAsync();

        (await LeaseIdsAsync()).ShouldBe([other.Id]);
        await transaction.CommitAsync(Cancel);

        (await LeaseIdsAsync()).ShouldBe([open.Id]);
    }

    [Fact]
    public async Task One_that_was_committed_late_is_found_though_its_id_is_older_than_what_was_read_since() // 343
    {
        Needs(Both);
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        var late = TestDeliveries.New();
        await Store.AddAsync(transaction, [late], Cancel);
        for (var i = 0; i < 20; i++)
        {
            await SettleAsync(await AddAndLeaseAsync(), DeliveryOutcome.Completed);
        }

        await transaction.CommitAsync(Cancel);

        (await LeaseIdsAsync()).ShouldBe([late.Id]);
    }

    [Fact]
    public async Task A_gap_that_a_rollback_leaves_holds_up_nobody() // 343
    {
        Needs(Both);
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await Store.AddAsync(transaction, [TestDeliveries.New()], Cancel);
        var after = await AddAsync();
        await transaction.RollbackAsync(Cancel);

        (await LeaseIdsAsync()).ShouldBe([after.Id]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_unique_one_waits_for_the_transaction_that_adds_another_with_its_key(bool commits) // 219, 382, 390
    {
        Needs(Both);
        var another = await OpenAnotherAsync();
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        var first = Unique();
        await Store.AddAsync(transaction, [first], Cancel);

        var second = Unique();
        var adding = Task.Run(async () => await another.AddAsync([second], Cancel), Cancel);
        await (commits ? transaction.CommitAsync(Cancel) : transaction.RollbackAsync(Cancel));
        await adding;

        second.IsDuplicate.ShouldBe(commits);
        var leased = (await LeaseAsync()).ShouldHaveSingleItem();
        leased.Id.ShouldBe(second.Id);
        leased.Envelope.Id.ShouldBe(commits ? first.Envelope.Id : second.Envelope.Id);
    }

    [Fact]
    public async Task A_delivery_that_a_transaction_settles_is_leased_by_nobody_meanwhile() // 412, 449
    {
        Needs(Both);
        var leased = await AddAndLeaseAsync();
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        (await Store.SettleAsync(transaction, Settle(leased, DeliveryOutcome.Completed), Cancel)).ShouldBeTrue();

        // Its lease is over; whoever looks either passes it by or waits for the transaction.
        var leasing = Task.Run(async () => await LeaseAsync(Now + LeaseTime, owner: "worker 2"), Cancel);
        await transaction.CommitAsync(Cancel);

        (await leasing).ShouldBeEmpty();
        (await FindAsync(leased.Id)).ShouldBeNull();
    }

    [Fact]
    public async Task What_one_transaction_has_locked_does_not_hold_up_the_leasing_of_the_rest()
    {
        Needs(Both);
        var settling = await AddAndLeaseAsync();
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await Store.SettleAsync(transaction, Settle(settling, DeliveryOutcome.Completed), Cancel);
        var other = await AddAsync();

        (await LeaseIdsAsync()).ShouldBe([other.Id]);
        (await SettleAsync(
            new LeasedDelivery { Id = other.Id, Token = 1, Attempt = 1, ListenerId = other.ListenerId, Envelope = other.Envelope }, DeliveryOutcome.Completed))
            .ShouldBeTrue();
        await transaction.CommitAsync(Cancel);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_whose_unique_key_an_open_transaction_has_comes_again_when_that_is_over_and_nobody_waits_with_it(bool commits)
    {
        Needs(Both);
        await Store.AddAsync([Unique(UniqueUntil.Started), TestDeliveries.New()], Cancel);
        var leased = await LeaseAsync();
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await Store.AddAsync(transaction, [Unique(UniqueUntil.Started)], Cancel);
        var settlements = leased.Select(delivery => Settle(delivery, DeliveryOutcome.Retry, retryAt: Now.AddMinutes(1), error: "not now")).ToList();

        (await Store.SettleAsync(settlements, Cancel).AsTask().WaitAsync(Patience, Cancel)).ShouldBeEmpty();

        settlements.Select(settlement => settlement.IsDeferred).ShouldBe([true, false]);
        (await StateOfAsync(leased[0].Id)).ShouldBe(DeliveryState.Leased);
        (await StateOfAsync(leased[1].Id)).ShouldBe(DeliveryState.Scheduled);
        (await Store.ExtendAsync([leased[0]], Now + LeaseTime, Cancel).AsTask().WaitAsync(Patience, Cancel)).Lost.ShouldBeEmpty();
        await (commits ? transaction.CommitAsync(Cancel) : transaction.RollbackAsync(Cancel));
        (await Store.SettleAsync([settlements[0]], Cancel)).ShouldBeEmpty();
        settlements[0].IsDeferred.ShouldBeFalse();
        (await StateOfAsync(leased[0].Id)).ShouldBe(commits ? DeliveryState.Discarded : DeliveryState.Scheduled);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_transaction_that_takes_a_key_whose_period_is_over_does_not_hold_up_the_one_that_still_runs(bool commits)
    {
        Needs(Both);
        var running = await AddAndLeaseAsync(UniqueFor(TimeSpan.FromSeconds(1), Now));
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        var later = Now.AddSeconds(2);
        var second = UniqueFor(TimeSpan.FromHours(1), later);
        await Store.AddAsync(transaction, [second], Cancel);

        (await SettleAsync(running, DeliveryOutcome.Completed, at: later).AsTask().WaitAsync(Patience, Cancel)).ShouldBeTrue();

        second.IsDuplicate.ShouldBeFalse();
        await (commits ? transaction.CommitAsync(Cancel) : transaction.RollbackAsync(Cancel));
        (await AddAsync(UniqueFor(TimeSpan.FromHours(1), later))).IsDuplicate.ShouldBe(commits);
        (await LeaseAsync(later)).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_an_open_transaction_has_met_while_it_waits_starts_when_that_is_over(bool commits)
    {
        Needs(Both);
        var (first, other, second) = (await AddAsync(Unique(UniqueUntil.Started)), await AddAsync(), Unique(UniqueUntil.Started));
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await Store.AddAsync(transaction, [second], Cancel);

        (second.IsDuplicate, second.Id).ShouldBe((true, first.Id));
        (await LeaseIdsAsync()).ShouldBe([other.Id]);
        await (commits ? transaction.CommitAsync(Cancel) : transaction.RollbackAsync(Cancel));
        (await LeaseIdsAsync()).ShouldBe([first.Id]);
    }

    [Fact]
    public async Task One_that_open_transactions_have_met_keeps_nobody_waiting_who_meets_or_cancels_it()
    {
        Needs(Both);
        var first = await AddAsync(Unique(UniqueUntil.Started));
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await Store.AddAsync(transaction, [Unique(UniqueUntil.Started)], Cancel);

        (await AddAsync(Unique(UniqueUntil.Started)).AsTask().WaitAsync(Patience, Cancel)).Id.ShouldBe(first.Id);
        (await Store.CancelAsync([first.Id], Now, null, Cancel).AsTask().WaitAsync(Patience, Cancel)).ShouldBe([CancelResult.Cancelled]);
        (await AddAsync(Unique(UniqueUntil.Started)).AsTask().WaitAsync(Patience, Cancel)).IsDuplicate.ShouldBeFalse();
        await transaction.CommitAsync(Cancel);
    }

    [Fact]
    public async Task One_that_an_open_transaction_has_met_while_it_waits_for_its_turn_gets_it()
    {
        Needs(Both);
        var key = new DeliveryKey("poll 1") { IsOrdered = true };
        var running = await AddAndLeaseAsync(TestDeliveries.New(key: key));
        var next = await AddAsync(Unique(UniqueUntil.Started, key));
        (await LeaseAsync()).ShouldBeEmpty();
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await Store.AddAsync(transaction, [Unique(UniqueUntil.Started, key)], Cancel);

        (await SettleAsync(running, DeliveryOutcome.Completed).AsTask().WaitAsync(Patience, Cancel)).ShouldBeTrue();

        (await LeaseAsync()).ShouldBeEmpty();
        await transaction.CommitAsync(Cancel);
        (await LeaseIdsAsync()).ShouldBe([next.Id]);
    }

    [Fact]
    public async Task One_that_is_unique_until_it_is_done_starts_whoever_has_met_it()
    {
        Needs(Both);
        var first = await AddAsync(Unique());
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await Store.AddAsync(transaction, [Unique()], Cancel);

        (await LeaseIdsAsync()).ShouldBe([first.Id]);
        await transaction.CommitAsync(Cancel);
    }

    // Nobody is to wait; whoever does is not to keep the suite for ever.
    private static TimeSpan Patience => TimeSpan.FromSeconds(20);

    private static NewDelivery Unique(UniqueUntil until = UniqueUntil.Done, DeliveryKey? key = null) =>
        TestDeliveries.New(key: key, unique: new DeliveryUniqueness("Sitemap:poll 1", until));

    private static NewDelivery UniqueFor(TimeSpan period, DateTimeOffset at) =>
        TestDeliveries.New(time: at, unique: new DeliveryUniqueness("Sitemap:poll 1", UniqueUntil.Started) { EndsAt = at + period });
}
