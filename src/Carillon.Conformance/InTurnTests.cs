using System.Collections.Concurrent;
using System.Data;
using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>What is written with the commit is leased right away if it is its turn, and waits for it otherwise.</summary>
public abstract class InTurnTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    private const DeliveryStoreFeatures InTurn = DeliveryStoreFeatures.JoinsTransactions | DeliveryStoreFeatures.LeasesInTurn;

    [Fact]
    public async Task One_whose_key_is_free_is_leased_and_nobody_else_gets_it()
    {
        var added = await CommitAsync(New("order 1"));

        added.Lease.ShouldNotBeNull();
        (await ReadAsync(added.Id)).State.ShouldBe(DeliveryState.Leased);
        (await ReadAsync(added.Id)).Owner.ShouldBe("this process");
        (await LeaseAsync()).ShouldBeEmpty();
        (await SettleAsync(Taken(added), DeliveryOutcome.Completed)).ShouldBeTrue();
        (await Store.CountAsync(Now, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_that_nobody_has_settled_comes_again_when_its_lease_ends()
    {
        var added = await CommitAsync(New("order 1"));

        (await LeaseAsync(Now + LeaseTime)).ShouldHaveSingleItem().Id.ShouldBe(added.Id);
    }

    [Fact]
    public async Task One_whose_key_is_at_work_waits_until_that_is_settled()
    {
        var first = await CommitAsync(New("order 1"));

        var second = await CommitAsync(New("order 1"));

        second.Lease.ShouldBeNull();
        (await LeaseAsync()).ShouldBeEmpty();
        await SettleAsync(Taken(first), DeliveryOutcome.Completed);
        (await LeaseIdsAsync()).ShouldBe([second.Id]);
    }

    [Theory]
    [InlineData(DeliveryState.Ready)]
    [InlineData(DeliveryState.Scheduled)]
    [InlineData(DeliveryState.Leased)]
    [InlineData(DeliveryState.Failed)]
    [InlineData(DeliveryState.Parked)]
    public async Task One_does_not_overtake_what_is_there(DeliveryState state)
    {
        Needs(InTurn);
        var earlier = await AddAsync(TestDeliveries.New(key: Key("order 1"), dueAt: state == DeliveryState.Scheduled ? Now.AddHours(1) : null));
        if (state is DeliveryState.Leased or DeliveryState.Failed or DeliveryState.Parked)
        {
            var leased = (await LeaseAsync()).ShouldHaveSingleItem();
            if (state != DeliveryState.Leased)
            {
                await SettleAsync(leased, state == DeliveryState.Failed ? DeliveryOutcome.Failed : DeliveryOutcome.Parked, error: "something");
            }
        }

        var later = await CommitAsync(New("order 1"));

        later.Lease.ShouldBeNull();
        (await ReadAsync(later.Id)).State.ShouldBe(DeliveryState.Ready);
        (await ReadAsync(earlier.Id)).State.ShouldBe(state);
        (await LeaseIdsAsync()).ShouldNotContain(later.Id);
    }

    [Fact]
    public async Task One_that_skips_what_has_failed_is_leased_beside_it()
    {
        Needs(InTurn);
        await SettleAsync(await AddAndLeaseAsync(TestDeliveries.New(key: Key("order 1"))), DeliveryOutcome.Failed, error: "something");

        (await CommitAsync(New("order 1", skipsFailed: true))).Lease.ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_one_key_the_first_of_a_transaction_is_leased_and_of_another_key_another_one()
    {
        NewDelivery[] added = [New("order 1"), New("order 1"), New("order 2"), TestDeliveries.New(lease: ThisProcess), New("order 1"), New("order 1", listener: "Mail")];

        await CommitAsync(added);

        added.Select(delivery => delivery.Lease is not null).ShouldBe([true, false, true, true, false, true]);
        added.Select(delivery => delivery.Id).ShouldBeInOrder();
        (await LeaseAsync()).ShouldBeEmpty();
        await SettleAsync(Taken(added[0]), DeliveryOutcome.Completed);
        (await LeaseIdsAsync()).ShouldBe([added[1].Id]);
    }

    [Fact]
    public async Task What_was_written_earlier_in_the_same_transaction_comes_first()
    {
        Needs(InTurn);
        var (first, second) = (TestDeliveries.New(key: Key("order 1")), New("order 1"));
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await Store.AddAsync(transaction, [first], Cancel);

        await Store.CommitAsync(transaction, [second], Cancel);

        second.Lease.ShouldBeNull();
        (await LeaseIdsAsync()).ShouldBe([first.Id]);
    }

    [Fact]
    public async Task One_with_room_for_several_at_once_is_left_to_a_worker()
    {
        var added = await CommitAsync(TestDeliveries.New(key: new DeliveryKey("order 1") { Limit = 2 }, lease: ThisProcess));

        added.Lease.ShouldBeNull();
        (await LeaseIdsAsync()).ShouldBe([added.Id]);
    }

    [Fact]
    public async Task Beside_a_unique_one_each_is_leased_in_its_turn_as_well()
    {
        Needs(InTurn);
        var earlier = await AddAsync(TestDeliveries.New(key: Key("order 1")));
        NewDelivery[] added = [New("order 1"), New("order 2"), Unique(), New("order 1"), New("order 2"), TestDeliveries.New(lease: ThisProcess)];

        await CommitAsync(added);

        added.Select(delivery => delivery.Lease is not null).ShouldBe([false, true, true, false, false, true]);
        (await LeaseIdsAsync()).ShouldBe([earlier.Id]);
        await SettleAsync(Taken(added[1]), DeliveryOutcome.Completed);
        (await LeaseIdsAsync()).ShouldBe([added[4].Id]);
    }

    [Fact]
    public async Task Beside_a_unique_one_of_the_same_key_none_is_leased_and_they_come_in_their_order()
    {
        Needs(InTurn);
        NewDelivery[] added = [New("order 1"), Unique(Key("order 1")), New("order 1")];

        await CommitAsync(added);

        added.ShouldAllBe(delivery => delivery.Lease == null);
        foreach (var delivery in added)
        {
            var leased = (await LeaseAsync()).ShouldHaveSingleItem();
            leased.Id.ShouldBe(delivery.Id);
            leased.Envelope.Id.ShouldBe(delivery.Envelope.Id);
            await SettleAsync(leased, DeliveryOutcome.Completed);
        }
    }

    [Fact]
    public async Task Very_many_keys_of_one_transaction_are_leased_or_left_and_none_is_lost()
    {
        Needs(InTurn);
        var added = Enumerable.Range(0, 1_000).Select(number => New($"order {number}")).ToArray();

        await CommitAsync(added);

        added.Count(delivery => delivery.Lease is not null).ShouldBeGreaterThan(0);
        (await LeaseIdsAsync(maxCount: 2_000)).Order().ShouldBe(added.Where(delivery => delivery.Lease is null).Select(delivery => delivery.Id));
    }

    [Fact]
    public async Task A_transaction_that_sees_the_past_leases_nothing()
    {
        Needs(InTurn | DeliveryStoreFeatures.WritesSideBySide);
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, Cancel);
        await Store.AddAsync(transaction, [TestDeliveries.New(queue: "mail")], Cancel);
        // It does not see this one, which is at work.
        (await CommitAsync(New("order 1"))).Lease.ShouldNotBeNull();
        var added = New("order 1");

        await Store.CommitAsync(transaction, [added], Cancel);

        added.Lease.ShouldBeNull();
    }

    [Fact]
    public async Task One_that_is_committed_late_waits_for_one_that_was_committed_before_it()
    {
        Needs(InTurn | DeliveryStoreFeatures.WritesSideBySide);
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        var late = TestDeliveries.New(key: Key("order 1"));
        await Store.AddAsync(transaction, [late], Cancel);
        var early = await CommitAsync(New("order 1"));

        await transaction.CommitAsync(Cancel);

        early.Lease.ShouldNotBeNull();
        (await LeaseAsync()).ShouldBeEmpty();
        await SettleAsync(Taken(early), DeliveryOutcome.Completed);
        (await LeaseIdsAsync()).ShouldBe([late.Id]);
    }

    [Fact]
    public async Task Of_those_of_a_free_key_that_are_committed_at_the_same_moment_one_at_the_most_is_leased()
    {
        Needs(InTurn | DeliveryStoreFeatures.WritesSideBySide);
        var leased = 0;
        for (var round = 0; round < 40; round++)
        {
            var rivals = Enumerable.Range(0, 6).Select(_ => New($"order {round}")).ToList();

            await Task.WhenAll(rivals.Select(rival => Task.Run(() => CommitAsync(rival), Cancel)));

            var first = rivals.Count(rival => rival.Lease is not null);
            first.ShouldBeLessThan(2);
            leased += first;
        }

        leased.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Of_one_key_one_runs_at_a_time_and_in_the_order_of_each_writer_while_many_commit_and_many_lease()
    {
        Needs(InTurn | DeliveryStoreFeatures.WritesSideBySide);
        const int writers = 6;
        const int each = 60;
        var (running, ran, left) = (new ConcurrentDictionary<string, int>(), new ConcurrentQueue<(string Key, int Writer, int Number)>(), writers * each);
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(writer), Cancel)).Concat(
            Enumerable.Range(0, 2).Select(_ => Task.Run(WorkAsync, Cancel))));

        ran.Count.ShouldBe(writers * each);
        foreach (var of in ran.GroupBy(one => (one.Key, one.Writer)))
        {
            of.Select(one => one.Number).ShouldBeInOrder();
        }

        async Task WriteAsync(int writer)
        {
            for (var number = 0; number < each; number++)
            {
                var delivery = New($"order {number % 3}", payload: [(byte)writer, (byte)number]);
                await CommitAsync(delivery);
                if (delivery.Lease is not null)
                {
                    await RunAsync(Taken(delivery));
                }
            }
        }

        async Task WorkAsync()
        {
            while (Volatile.Read(ref left) > 0)
            {
                await Task.WhenAll((await LeaseAsync(maxCount: 5)).Select(RunAsync));
            }
        }

        async Task RunAsync(LeasedDelivery delivery)
        {
            try
            {
                await RunAloneAsync(delivery);
            }
            catch
            {
                // The others are not to wait for what will not come.
                Volatile.Write(ref left, 0);
                throw;
            }
        }

        async Task RunAloneAsync(LeasedDelivery delivery)
        {
            running.AddOrUpdate(delivery.Key!, 1, static (_, count) => count + 1).ShouldBe(1);
            ran.Enqueue((delivery.Key!, delivery.Envelope.Payload.Span[0], delivery.Envelope.Payload.Span[1]));
            await Task.Yield();
            running.AddOrUpdate(delivery.Key!, 0, static (_, count) => count - 1).ShouldBe(0);
            (await SettleAsync(delivery, DeliveryOutcome.Completed)).ShouldBeTrue();
            Interlocked.Decrement(ref left);
        }
    }

    private static DeliveryLease ThisProcess => new("this process", Now + LeaseTime);

    private static DeliveryKey Key(string value) => new(value) { IsOrdered = true };

    private static NewDelivery New(string key, bool skipsFailed = false, string listener = "Sitemap", byte[]? payload = null) =>
        TestDeliveries.New(listenerId: listener, key: Key(key) with { SkipsFailed = skipsFailed }, lease: ThisProcess, payload: payload);

    private static NewDelivery Unique(DeliveryKey? key = null) =>
        TestDeliveries.New(key: key, lease: ThisProcess, unique: new DeliveryUniqueness("Sitemap:poll 1", UniqueUntil.Done));

    private static LeasedDelivery Taken(NewDelivery delivery) => new()
    {
        Id = delivery.Id,
        Token = 1,
        Attempt = 1,
        ListenerId = delivery.ListenerId,
        Envelope = delivery.Envelope,
        Key = delivery.Key!.Value,
    };

    private async Task<NewDelivery> CommitAsync(NewDelivery delivery)
    {
        await CommitAsync([delivery]);
        return delivery;
    }

    private async Task CommitAsync(NewDelivery[] deliveries)
    {
        Needs(InTurn);
        await using var connection = await Store.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await Store.CommitAsync(transaction, deliveries, Cancel);
    }
}
