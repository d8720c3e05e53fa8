using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>When a worker has to look again.</summary>
public abstract class NextDueTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Fact]
    public async Task The_next_due_time_is_the_earliest_of_what_waits_and_of_the_leases()
    {
        (await NextAsync(Now)).ShouldBeNull();

        await AddAsync(TestDeliveries.New(dueAt: Now.AddHours(1)));
        (await NextAsync(Now)).ShouldBe(Now.AddHours(1));

        await AddAndLeaseAsync();
        (await NextAsync(Now)).ShouldBe(Now + LeaseTime);

        await AddAsync(TestDeliveries.New(dueAt: Now.AddHours(-1)));
        (await NextAsync(Now.AddHours(-2))).ShouldBe(Now.AddHours(-1));
    }

    [Fact]
    public async Task What_is_due_at_the_time_that_was_asked_for_is_not_after_it()
    {
        await AddAsync(TestDeliveries.New(dueAt: Now));
        await AddAsync(TestDeliveries.New(dueAt: Now.AddTicks(1)));

        (await NextAsync(Now.AddTicks(-1))).ShouldBe(Now);
        (await NextAsync(Now)).ShouldBe(Now.AddTicks(1));
        (await NextAsync(Now.AddTicks(1))).ShouldBeNull();
    }

    [Fact]
    public async Task The_next_due_time_is_that_of_any_queue()
    {
        await AddAsync(TestDeliveries.New(dueAt: Now.AddHours(2)));
        await AddAsync(TestDeliveries.New(dueAt: Now.AddHours(1), queue: "mail"));

        (await NextAsync(Now)).ShouldBe(Now.AddHours(1));
    }

    [Fact]
    public async Task What_is_settled_is_never_due()
    {
        await AddInStateAsync(DeliveryState.Completed);
        await AddInStateAsync(DeliveryState.Failed);
        await AddInStateAsync(DeliveryState.Parked);
        await AddInStateAsync(DeliveryState.Discarded);
        await AddInStateAsync(DeliveryState.Cancelled);

        (await NextAsync(Now.AddDays(-1))).ShouldBeNull();
    }

    private ValueTask<DateTimeOffset?> NextAsync(DateTimeOffset after) => Store.GetNextDueAsync(after, Cancel);
}
