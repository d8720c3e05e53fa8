using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Inbox;

namespace Carillon.Conformance;

/// <summary>What a store writes in a transaction of the application is there if that one commits, and only then.</summary>
public abstract class TransactionTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Fact]
    public async Task What_is_added_is_visible_after_the_commit_and_not_before() // 452
    {
        var another = await OpenAnotherForTransactionsAsync();
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        NewDelivery[] added = [TestDeliveries.New(), TestDeliveries.New()];

        await Store.AddAsync(transaction, added, Cancel);

        (await another.CountAsync(Now, Cancel)).ShouldBeEmpty();
        (await another.FindAsync(added[0].Id, Now, Cancel)).ShouldBeNull();
        await transaction.CommitAsync(Cancel);
        (await LeaseAsync(store: another)).Select(leased => leased.Id).ShouldBe(added.Select(delivery => delivery.Id));
    }

    [Fact]
    public async Task What_is_added_in_a_transaction_that_is_rolled_back_was_never_there() // 220, 390, 452
    {
        await InTransactionAsync(
            async transaction => await Store.AddAsync(transaction, [TestDeliveries.New(key: new DeliveryKey("order 1") { IsOrdered = true })], Cancel), commits: false);

        (await Store.CountAsync(Now, Cancel)).ShouldBeEmpty();
        (await LeaseAsync()).ShouldBeEmpty();
        (await Store.GetNextDueAsync(Now.AddDays(-1), Cancel)).ShouldBeNull();
        (await Store.ListQueuesAsync(Now, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_transaction_that_is_left_without_a_word_is_rolled_back()
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        await using (var connection = await Store.OpenConnectionAsync(Cancel))
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await Store.AddAsync(transaction, [TestDeliveries.New()], Cancel);
        }

        (await Store.CountAsync(Now, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Several_batches_of_one_transaction_come_together()
    {
        await InTransactionAsync(async transaction =>
        {
            await Store.AddAsync(transaction, [TestDeliveries.New(), TestDeliveries.New()], Cancel);
            await Store.AddAsync(transaction, [], Cancel);
            await Store.AddAsync(transaction, [TestDeliveries.New(queue: "mail")], Cancel);
        });

        (await LeaseAsync()).Count.ShouldBe(2);
        (await LeaseAsync(queue: "mail")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_handed_over_in_memory_is_leased_once_the_transaction_has_committed()
    {
        var added = TestDeliveries.New(lease: new DeliveryLease("this process", Now + LeaseTime));

        await InTransactionAsync(async transaction => await Store.AddAsync(transaction, [added], Cancel));

        var snapshot = await ReadAsync(added.Id);
        snapshot.State.ShouldBe(DeliveryState.Leased);
        snapshot.Attempts.ShouldBe(1);
        snapshot.Owner.ShouldBe("this process");
        (await LeaseAsync(Now + LeaseTime)).ShouldHaveSingleItem().Token.ShouldBe(2);
    }

    [Fact]
    public async Task A_store_and_the_transactions_write_ids_that_never_meet()
    {
        var before = await AddAsync(TestDeliveries.New());
        var within = TestDeliveries.New();
        await InTransactionAsync(async transaction => await Store.AddAsync(transaction, [within], Cancel));
        await InTransactionAsync(async transaction => await Store.AddAsync(transaction, [TestDeliveries.New()], Cancel), commits: false);
        var after = await AddAsync(TestDeliveries.New());

        before.Id.ShouldBeLessThan(within.Id);
        within.Id.ShouldBeLessThan(after.Id);
    }

    [Fact]
    public async Task A_unique_one_of_a_transaction_that_is_rolled_back_keeps_nobody_out() // 219, 390
    {
        await InTransactionAsync(
            async transaction =>
            {
                NewDelivery[] two = [Unique(), Unique()];
                await Store.AddAsync(transaction, two, Cancel);
                two.Select(delivery => delivery.IsDuplicate).ShouldBe([false, true]);
            },
            commits: false);

        (await AddAsync(Unique())).IsDuplicate.ShouldBeFalse();
        (await LeaseAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_rollback_does_not_free_what_another_one_holds() // 219
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        var first = await AddAsync(Unique());

        await InTransactionAsync(
            async transaction =>
            {
                var second = Unique();
                await Store.AddAsync(transaction, [second], Cancel);
                second.IsDuplicate.ShouldBeTrue();
                second.Id.ShouldBe(first.Id);
            },
            commits: false);

        (await AddAsync(Unique())).Id.ShouldBe(first.Id);
    }

    [Fact]
    public async Task A_replacement_is_undone_with_its_transaction() // 255
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        var replaces = new DeliveryUniqueness("Sitemap:poll 1", UniqueUntil.Started) { Replaces = true };
        var first = await AddAsync(TestDeliveries.New(unique: replaces, dueAt: Now.AddMinutes(1)));

        await InTransactionAsync(
            async transaction => await Store.AddAsync(transaction, [TestDeliveries.New(unique: replaces, dueAt: Now.AddMinutes(2))], Cancel), commits: false);

        var snapshot = await ReadAsync(first.Id);
        snapshot.EventId.ShouldBe(first.Envelope.Id);
        snapshot.DueAt.ShouldBe(Now.AddMinutes(1));
    }

    [Fact]
    public async Task A_delivery_is_settled_with_the_commit_of_its_listener() // 412
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        var leased = await AddAndLeaseAsync();

        await InTransactionAsync(
            async transaction => (await Store.SettleAsync(transaction, Settle(leased, DeliveryOutcome.Completed, keepUntil: Now.AddDays(1)), Cancel)).ShouldBeTrue());

        (await StateOfAsync(leased.Id)).ShouldBe(DeliveryState.Completed);
        (await SettleAsync(leased, DeliveryOutcome.Completed)).ShouldBeFalse("it is settled already");
    }

    [Fact]
    public async Task A_delivery_whose_listener_rolls_back_is_not_settled() // 412
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        var leased = await AddAndLeaseAsync();

        await InTransactionAsync(
            async transaction => (await Store.SettleAsync(transaction, Settle(leased, DeliveryOutcome.Completed), Cancel)).ShouldBeTrue(), commits: false);

        (await StateOfAsync(leased.Id)).ShouldBe(DeliveryState.Leased);
        (await SettleAsync(leased, DeliveryOutcome.Retry, retryAt: Now)).ShouldBeTrue();
        (await LeaseAsync()).ShouldHaveSingleItem().Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task A_listener_that_lost_its_lease_is_told_to_roll_back() // 295, 327
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        var lost = await AddAndLeaseAsync();
        var held = (await LeaseAsync(Now + LeaseTime, owner: "worker 2")).ShouldHaveSingleItem();

        await InTransactionAsync(
            async transaction => (await Store.SettleAsync(transaction, Settle(lost, DeliveryOutcome.Completed), Cancel)).ShouldBeFalse(), commits: false);

        (await SettleAsync(held, DeliveryOutcome.Completed)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_a_listener_dispatches_comes_with_its_own_end() // 412
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        var leased = await AddAndLeaseAsync();
        var caused = TestDeliveries.New("poll.closed");

        await InTransactionAsync(async transaction =>
        {
            await Store.AddAsync(transaction, [caused], Cancel);
            await Store.SettleAsync(transaction, Settle(leased, DeliveryOutcome.Completed), Cancel);
        });

        (await FindAsync(leased.Id)).ShouldBeNull();
        (await LeaseIdsAsync()).ShouldBe([caused.Id]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_next_of_its_key_has_its_turn_with_the_commit(bool commits) // 314, 412
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        var key = new DeliveryKey("order 1") { IsOrdered = true };
        await Store.AddAsync([TestDeliveries.New(key: key), TestDeliveries.New(key: key)], Cancel);
        var leased = (await LeaseAsync()).ShouldHaveSingleItem();
        (await LeaseAsync()).ShouldBeEmpty();

        await InTransactionAsync(
            async transaction => (await Store.SettleAsync(transaction, Settle(leased, DeliveryOutcome.Completed), Cancel)).ShouldBeTrue(), commits);

        (await LeaseIdsAsync()).ShouldBe(commits ? [2] : []);
    }

    [Fact]
    public async Task A_settlement_that_cannot_be_is_refused_before_anything_is_written()
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        var leased = await AddAndLeaseAsync();

        await InTransactionAsync(async transaction => await Should.ThrowAsync<ArgumentException>(
            async () => await Store.SettleAsync(transaction, Settle(leased, DeliveryOutcome.Retry), Cancel)));

        (await StateOfAsync(leased.Id)).ShouldBe(DeliveryState.Leased);
    }

    [Fact]
    public async Task A_message_is_seen_with_the_commit_and_not_before() // 273
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions | DeliveryStoreFeatures.Inbox);
        var inbox = (IInboxStore)Store;

        await InTransactionAsync(async transaction => (await SeeAsync(inbox, transaction)).ShouldBeTrue(), commits: false);
        await InTransactionAsync(async transaction =>
        {
            (await SeeAsync(inbox, transaction)).ShouldBeTrue("nobody has seen it: that transaction was rolled back");
            (await SeeAsync(inbox, transaction)).ShouldBeFalse("this transaction has");
        });
        await InTransactionAsync(async transaction => (await SeeAsync(inbox, transaction)).ShouldBeFalse());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_that_another_transaction_sees_just_now_is_waited_for(bool commits) // 273
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions | DeliveryStoreFeatures.Inbox);
        var another = (IInboxStore)await OpenAnotherAsync();
        Task<bool>? second = null;

        await InTransactionAsync(
            async transaction =>
            {
                (await SeeAsync((IInboxStore)Store, transaction)).ShouldBeTrue();
                second = Task.Run(async () => await SeeAsync(another, null), Cancel);
            },
            commits);

        (await second!).ShouldBe(!commits);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task What_the_store_commits_is_there_with_all_else_of_the_transaction_which_is_over(int count)
    {
        var another = await OpenAnotherForTransactionsAsync();
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        NewDelivery[] last = [.. Enumerable.Range(0, count).Select(_ => TestDeliveries.New())];
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await Store.AddAsync(transaction, [TestDeliveries.New(queue: "mail")], Cancel);

            await Store.CommitAsync(transaction, last, Cancel);

            (await LeaseAsync(store: another)).Select(leased => leased.Id).ShouldBe(last.Select(delivery => delivery.Id));
            (await LeaseAsync(store: another, queue: "mail")).Count.ShouldBe(1);
            await Should.ThrowAsync<InvalidOperationException>(async () => await transaction.RollbackAsync(Cancel));
        }

        // And the connection serves the next one.
        await using var next = await connection.BeginTransactionAsync(Cancel);
        await Store.CommitAsync(next, [TestDeliveries.New(queue: "mail")], Cancel);
        (await LeaseAsync(store: another, queue: "mail")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_commit_finds_what_is_unique_as_any_other_write()
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        var first = await AddAsync(Unique());
        NewDelivery[] added = [TestDeliveries.New(), Unique()];
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);

        await Store.CommitAsync(transaction, added, Cancel);

        added.Select(delivery => delivery.IsDuplicate).ShouldBe([false, true]);
        added[1].Id.ShouldBe(first.Id);
        (await LeaseIdsAsync()).ShouldBe([first.Id, added[0].Id], ignoreOrder: true);
    }

    [Fact]
    public async Task A_commit_that_is_cancelled_before_it_begins_has_not_happened()
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using (var transaction = await connection.BeginTransactionAsync(Cancel))
        {
            await Should.ThrowAsync<OperationCanceledException>(
                async () => await Store.CommitAsync(transaction, [TestDeliveries.New()], new CancellationToken(canceled: true)));
            await transaction.RollbackAsync(Cancel);
        }

        (await Store.CountAsync(Now, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_settled_beside_a_commit_is_settled_once()
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        var (first, second) = (await AddAndLeaseAsync(), await AddAndLeaseAsync());
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        ValueTask<IReadOnlyList<LeasedDelivery>> settling;
        using (await Store.TakeTurnAsync(connection, Cancel))
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            settling = Store.SettleAsync([Settle(first, DeliveryOutcome.Completed), Settle(second, DeliveryOutcome.Retry, retryAt: Now)], Cancel);

            await Store.CommitAsync(transaction, [TestDeliveries.New()], Cancel);
        }

        (await settling).ShouldBeEmpty();
        (await FindAsync(first.Id)).ShouldBeNull();
        (await SettleAsync(first, DeliveryOutcome.Completed)).ShouldBeFalse();
        (await LeaseIdsAsync()).Count.ShouldBe(2);
    }

    private async ValueTask<IDeliveryStore> OpenAnotherForTransactionsAsync()
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        return await OpenAnotherAsync();
    }

    private static NewDelivery Unique() => TestDeliveries.New(unique: new DeliveryUniqueness("Sitemap:poll 1", UniqueUntil.Done));

    private static async Task<bool> SeeAsync(IInboxStore inbox, DbTransaction? transaction) =>
        await inbox.TryRecordAsync(transaction, "Sitemap", "message 1", Now, Now.AddDays(1), Cancel);

    private async Task InTransactionAsync(Func<DbTransaction, Task> work, bool commits = true)
    {
        Needs(DeliveryStoreFeatures.JoinsTransactions);
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await work(transaction);
        await (commits ? transaction.CommitAsync(Cancel) : transaction.RollbackAsync(Cancel));
    }
}
