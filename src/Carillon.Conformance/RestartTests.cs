using System.Collections.Frozen;
using Carillon.Deliveries;
using Carillon.Inbox;

namespace Carillon.Conformance;

/// <summary>What is there when the process has ended and another one opens the store.</summary>
public abstract class RestartTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Fact]
    public async Task Every_delivery_is_where_it_was() // 355
    {
        Needs(DeliveryStoreFeatures.OutlivesProcess);
        foreach (var state in Enum.GetValues<DeliveryState>().Where(state => state != DeliveryState.Ready))
        {
            await AddInStateAsync(state);
        }

        await AddInStateAsync(DeliveryState.Ready);
        var before = await Store.ListAsync(new DeliveryQuery(), Now, Cancel);

        await RestartAsync();

        (await Store.ListAsync(new DeliveryQuery(), Now, Cancel)).ShouldBe(before);
    }

    [Fact]
    public async Task What_the_process_had_leased_is_leased_again_when_its_lease_has_ended() // 355
    {
        Needs(DeliveryStoreFeatures.OutlivesProcess);
        var killed = await AddAndLeaseAsync(TestDeliveries.New(payload: "{\"id\":1}"u8.ToArray()));

        await RestartAsync();

        (await LeaseAsync()).ShouldBeEmpty();
        var again = (await LeaseAsync(Now + LeaseTime, owner: "the next process")).ShouldHaveSingleItem();
        again.Id.ShouldBe(killed.Id);
        again.Attempt.ShouldBe(2);
        again.Envelope.Payload.ToArray().ShouldBe("{\"id\":1}"u8.ToArray());
    }

    [Fact]
    public async Task A_pause_outlives_all_processes() // 406
    {
        Needs(DeliveryStoreFeatures.OutlivesProcess);
        await AddAsync(TestDeliveries.New(queue: "mail"));
        await Store.PauseAsync("mail", Now, Cancel);

        await RestartAsync();

        (await LeaseAsync(queue: "mail")).ShouldBeEmpty();
        (await Store.ListQueuesAsync(Now, Cancel)).ShouldHaveSingleItem().PausedAt.ShouldBe(Now);
    }

    [Fact]
    public async Task An_id_is_never_given_again_even_if_the_last_one_is_gone() // a worker with a lost lease would take the new delivery for its own
    {
        Needs(DeliveryStoreFeatures.OutlivesProcess);
        var first = await AddAndLeaseAsync();
        await SettleAsync(first, DeliveryOutcome.Completed);

        await RestartAsync();

        (await AddAsync()).Id.ShouldBeGreaterThan(first.Id);
    }

    [Fact]
    public async Task The_order_the_turns_and_the_uniqueness_are_kept() // 316, 382
    {
        Needs(DeliveryStoreFeatures.OutlivesProcess);
        var key = new DeliveryKey("order 1") { IsOrdered = true };
        var unique = new DeliveryUniqueness("Sitemap:poll 1", UniqueUntil.Done);
        await Store.AddAsync([TestDeliveries.New(key: key), TestDeliveries.New(key: key), TestDeliveries.New(unique: unique, dueAt: Now.AddHours(1))], Cancel);
        var head = (await LeaseAsync()).ShouldHaveSingleItem();
        (await LeaseAsync()).ShouldBeEmpty();

        await RestartAsync();

        (await LeaseAsync()).ShouldBeEmpty();
        (await AddAsync(TestDeliveries.New(unique: unique))).Id.ShouldBe(3);
        await SettleAsync(head, DeliveryOutcome.Completed);
        (await LeaseIdsAsync()).ShouldBe([2]);
    }

    [Fact]
    public async Task The_attempts_that_failed_are_still_listed() // 410
    {
        Needs(DeliveryStoreFeatures.OutlivesProcess);
        var leased = await AddAndLeaseAsync();
        await SettleAsync(leased, DeliveryOutcome.Failed, at: Now.AddTicks(1), error: "the disk burns");

        await RestartAsync();

        (await Store.FindAsync(leased.Id, Now, Cancel)).ShouldNotBeNull().FailedAttempts
            .ShouldBe([new DeliveryAttempt(1, Now.AddTicks(1), "the disk burns")]);
    }

    [Fact]
    public async Task A_message_that_was_seen_stays_seen() // 273
    {
        Needs(DeliveryStoreFeatures.OutlivesProcess | DeliveryStoreFeatures.Inbox);
        await ((IInboxStore)Store).TryRecordAsync(null, "Sitemap", "message 1", Now, Now.AddDays(1), Cancel);

        await RestartAsync();

        (await ((IInboxStore)Store).TryRecordAsync(null, "Sitemap", "message 1", Now, Now.AddDays(1), Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_due_and_what_is_to_be_swept_is_found_by_the_next_process()
    {
        Needs(DeliveryStoreFeatures.OutlivesProcess);
        var parked = await AddInStateAsync(DeliveryState.Parked);
        var kept = await AddInStateAsync(DeliveryState.Completed);
        await AddAsync(TestDeliveries.New(dueAt: Now.AddHours(1)));

        await RestartAsync();

        (await Store.GetNextDueAsync(Now, Cancel)).ShouldBe(Now.AddHours(1));
        var known = new KnownNames(FrozenSet.Create("poll.created"), FrozenSet.Create("Sitemap"));
        (await Store.SweepAsync(new SweepRequest(known, Now.AddDays(1)), Cancel)).ShouldBe(1);
        (await StateOfAsync(parked)).ShouldBe(DeliveryState.Ready);
        (await FindAsync(kept)).ShouldBeNull();
    }
}
