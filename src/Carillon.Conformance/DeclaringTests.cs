using Carillon.Deliveries;
using Carillon.Inbox;

namespace Carillon.Conformance;

/// <summary>What a store says of itself.</summary>
public abstract class DeclaringTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Fact]
    public async Task What_is_declared_is_what_the_store_can_do() // 428
    {
        Store.JoinsTransactions.ShouldBe(Features.HasFlag(DeliveryStoreFeatures.JoinsTransactions));
        (Store is IInboxStore).ShouldBe(Features.HasFlag(DeliveryStoreFeatures.Inbox));
        await using var listening = await Store.ListenAsync(() => { }, Cancel);
        (listening is not null).ShouldBe(Features.HasFlag(DeliveryStoreFeatures.TellsOthers));
    }

    [Fact]
    public void It_says_in_a_few_words_what_it_is_and_not_how_to_get_in()
    {
        Store.Description.Length.ShouldBeInRange(5, 200);
        Store.Description.ShouldNotContain("assword");
        Store.Description.ShouldNotContain("\n");
    }

    [Fact]
    public async Task It_is_made_ready_as_often_as_somebody_asks() // 431
    {
        await AddAsync();

        await Store.PrepareAsync(Cancel);
        await Store.PrepareAsync(Cancel);

        (await LeaseAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Many_processes_make_it_ready_at_once() // 300
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await OpenAnotherAsync(), Cancel)));

        foreach (var store in stores)
        {
            await store.AddAsync([TestDeliveries.New()], Cancel);
        }

        (await LeaseAsync()).Count.ShouldBe(8);
    }

    [Fact]
    public async Task Where_it_joins_no_transactions_it_says_what_it_cannot_do()
    {
        if (Store.JoinsTransactions)
        {
            await using var connection = await Store.OpenConnectionAsync(Cancel);
            Store.WhyNotIn(connection).ShouldBeNull();
            connection.State.ShouldBe(System.Data.ConnectionState.Open);
            return;
        }

        var leased = await AddAndLeaseAsync();
        (await Should.ThrowAsync<NotSupportedException>(async () => await Store.OpenConnectionAsync(Cancel))).Message.ShouldContain(Store.Description);
        await Should.ThrowAsync<NotSupportedException>(async () => await Store.AddAsync(null!, [TestDeliveries.New()], Cancel));
        await Should.ThrowAsync<NotSupportedException>(async () => await Store.SettleAsync(null!, Settle(leased, DeliveryOutcome.Completed), Cancel));
    }

    [Fact]
    public void Announcing_to_nobody_does_no_harm() => Store.Announce();

    [Fact]
    public async Task Calls_that_are_cancelled_before_they_begin_change_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        var leased = await AddAndLeaseAsync();
        var waiting = await AddAsync();
        var before = await Store.ListAsync(new DeliveryQuery(), Now, Cancel);

        await RefusesAsync(async () => await Store.LeaseAsync(new LeaseRequest(new DeliveryLease("worker 1", Now.AddHours(1)), Now, 10), cancelled));
        await RefusesAsync(async () => await Store.ExtendAsync([leased], Now.AddHours(1), cancelled));
        await RefusesAsync(async () => await Store.SettleAsync([Settle(leased, DeliveryOutcome.Completed)], cancelled));
        await RefusesAsync(async () => await Store.RetryAsync([leased.Id], Now, cancelled));
        await RefusesAsync(async () => await Store.DiscardAsync([waiting.Id], Now, null, cancelled));
        await RefusesAsync(async () => await Store.CancelAsync([waiting.Id], Now, null, cancelled));
        await RefusesAsync(async () => await Store.RescheduleAsync(waiting.Id, Now.AddHours(1), Now, cancelled));
        await RefusesAsync(async () => await Store.PauseAsync(Queues.Default, Now, cancelled));

        (await Store.ListAsync(new DeliveryQuery(), Now, Cancel)).ShouldBe(before);
        (await LeaseAsync()).ShouldHaveSingleItem("the queue is not paused");

        static async Task RefusesAsync(Func<Task> call) => await Should.ThrowAsync<OperationCanceledException>(call);
    }
}
