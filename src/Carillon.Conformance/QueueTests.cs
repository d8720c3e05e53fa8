using Carillon.Deliveries;

namespace Carillon.Conformance;

/// <summary>Queues are lanes of their own, with priorities, limits and a pause.</summary>
public abstract class QueueTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Fact]
    public async Task A_worker_gets_deliveries_of_the_queue_that_it_asks_for_and_of_no_other() // 245, 263
    {
        var mail = await AddAsync(TestDeliveries.New(queue: "mail"));
        var other = await AddAsync();

        var leased = (await LeaseAsync(queue: "mail")).ShouldHaveSingleItem();

        leased.Id.ShouldBe(mail.Id);
        leased.Queue.ShouldBe("mail");
        (await LeaseIdsAsync(queue: "Mail")).ShouldBeEmpty();
        (await LeaseIdsAsync()).ShouldBe([other.Id]);
    }

    [Fact]
    public async Task Priority_comes_before_due_time_and_due_time_before_the_id() // 408
    {
        var low = await AddAsync(TestDeliveries.New(priority: DeliveryPriority.Low, dueAt: Now.AddHours(-5)));
        var late = await AddAsync(TestDeliveries.New(dueAt: Now));
        var early = await AddAsync(TestDeliveries.New(dueAt: Now.AddHours(-1)));
        var alsoEarly = await AddAsync(TestDeliveries.New(dueAt: Now.AddHours(-1)));
        var high = await AddAsync(TestDeliveries.New(priority: DeliveryPriority.High, dueAt: Now));

        (await LeaseIdsAsync(maxCount: 2)).ShouldBe([high.Id, early.Id]);
        (await LeaseIdsAsync(maxCount: 2)).ShouldBe([alsoEarly.Id, late.Id]);
        (await LeaseIdsAsync(maxCount: 2)).ShouldBe([low.Id]);
    }

    [Fact]
    public async Task A_high_priority_that_is_not_due_does_not_hold_up_a_low_one_that_is() // 369
    {
        await AddAsync(TestDeliveries.New(priority: DeliveryPriority.High, dueAt: Now.AddTicks(1)));
        var low = await AddAsync(TestDeliveries.New(priority: DeliveryPriority.Low));

        (await LeaseIdsAsync()).ShouldBe([low.Id]);
    }

    [Fact]
    public async Task A_retry_keeps_its_queue_and_its_priority()
    {
        var high = await AddAndLeaseAsync(TestDeliveries.New(queue: "mail", priority: DeliveryPriority.High));
        var other = await AddAsync(TestDeliveries.New(queue: "mail"));

        await SettleAsync(high, DeliveryOutcome.Retry, retryAt: Now.AddMinutes(1));

        (await ReadAsync(high.Id)).Priority.ShouldBe(DeliveryPriority.High);
        (await LeaseIdsAsync(Now.AddMinutes(1))).ShouldBeEmpty();
        (await LeaseIdsAsync(Now.AddMinutes(1), queue: "mail")).ShouldBe([high.Id, other.Id]);
    }

    [Fact]
    public async Task Nothing_of_a_paused_queue_is_leased_in_any_process_until_it_is_resumed() // 406
    {
        var another = await OpenAnotherAsync();
        var running = await AddAndLeaseAsync(TestDeliveries.New(queue: "mail"));
        var lapsed = await AddAndLeaseAsync(TestDeliveries.New(queue: "mail"));
        var waiting = await AddAsync(TestDeliveries.New(queue: "mail"));

        (await Store.PauseAsync("mail", Now, Cancel)).ShouldBeTrue();

        var later = Now + LeaseTime;
        (await LeaseAsync(later, queue: "mail")).ShouldBeEmpty();
        (await LeaseAsync(later, queue: "mail", store: another)).ShouldBeEmpty();
        (await SettleAsync(running, DeliveryOutcome.Completed)).ShouldBeTrue("what runs goes on");
        (await Store.ExtendAsync([lapsed], later, Cancel)).Lost.ShouldBeEmpty();
        (await another.ResumeAsync("mail", Cancel)).ShouldBeTrue();
        (await LeaseIdsAsync(later, queue: "mail")).ShouldBe([waiting.Id, lapsed.Id]);
    }

    [Fact]
    public async Task A_pause_holds_for_its_queue_alone() // 406
    {
        var added = await AddAsync();

        await Store.PauseAsync("mail", Now, Cancel);

        (await LeaseIdsAsync()).ShouldBe([added.Id]);
    }

    [Fact]
    public async Task Pausing_and_resuming_twice_changes_nothing_and_says_so()
    {
        (await Store.ResumeAsync("mail", Cancel)).ShouldBeFalse();
        (await Store.PauseAsync("mail", Now, Cancel)).ShouldBeTrue();
        (await Store.PauseAsync("mail", Now.AddHours(1), Cancel)).ShouldBeFalse();

        (await Store.ListQueuesAsync(Now, Cancel)).ShouldBe([new QueueSnapshot("mail", 0, 0, null, Now)]);

        (await Store.ResumeAsync("mail", Cancel)).ShouldBeTrue();
        (await Store.ResumeAsync("mail", Cancel)).ShouldBeFalse();
        (await Store.ListQueuesAsync(Now, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_names_of_the_paused_queues_are_known_in_every_process() // 406
    {
        var another = await OpenAnotherAsync();
        await AddAsync(TestDeliveries.New(queue: "mail"));
        (await Store.ListPausedAsync(Cancel)).ShouldBeEmpty();

        await Store.PauseAsync("mail", Now, Cancel);
        await Store.PauseAsync("of which nothing waits", Now, Cancel);

        (await another.ListPausedAsync(Cancel)).ShouldBe(["mail", "of which nothing waits"], ignoreOrder: true);
        await another.ResumeAsync("mail", Cancel);
        (await Store.ListPausedAsync(Cancel)).ShouldBe(["of which nothing waits"]);
    }

    [Fact]
    public async Task A_limit_counts_what_all_processes_have_leased_of_the_queue()
    {
        var another = await OpenAnotherAsync();
        await Store.AddAsync([.. Enumerable.Range(0, 5).Select(_ => TestDeliveries.New(queue: "mail"))], Cancel);
        await AddAndLeaseAsync(); // of another queue: does not count

        var here = await LeaseAsync(queue: "mail", limit: 3, maxCount: 2);
        var there = await LeaseAsync(queue: "mail", limit: 3, maxCount: 2, store: another, owner: "worker 2");

        here.Count.ShouldBe(2);
        there.Count.ShouldBe(1);
        (await LeaseAsync(queue: "mail", limit: 3)).ShouldBeEmpty();
        await SettleAsync(here[0], DeliveryOutcome.Completed);
        (await LeaseAsync(queue: "mail", limit: 3)).Count.ShouldBe(1);
        (await LeaseAsync(queue: "mail")).Count.ShouldBe(1, "without a limit there is none");
    }

    [Fact]
    public async Task A_delivery_that_was_written_as_leased_counts_against_the_limit()
    {
        await AddAsync(TestDeliveries.New(queue: "mail", lease: new DeliveryLease("this process", Now + LeaseTime)));
        await AddAsync(TestDeliveries.New(queue: "mail"));

        (await LeaseAsync(queue: "mail", limit: 1)).ShouldBeEmpty();
        (await LeaseAsync(queue: "mail", limit: 2)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_lease_that_has_ended_does_not_count_against_the_limit() // 448
    {
        var killed = await AddAndLeaseAsync(TestDeliveries.New(queue: "mail"));
        var waiting = await AddAsync(TestDeliveries.New(queue: "mail"));

        (await LeaseIdsAsync(Now, queue: "mail", limit: 1)).ShouldBeEmpty();
        var leased = (await LeaseIdsAsync(Now + LeaseTime, queue: "mail", limit: 1)).ShouldHaveSingleItem();

        leased.ShouldBe(waiting.Id, "it has been due for longer than that lease has been over");
        (await LeaseIdsAsync(Now + LeaseTime, queue: "mail", limit: 2)).ShouldBe([killed.Id]);
    }

    [Fact]
    public async Task Queues_are_listed_by_name_with_what_waits_in_them_and_what_is_leased()
    {
        await AddAndLeaseAsync(TestDeliveries.New(queue: "mail"));
        await AddAsync(TestDeliveries.New(queue: "mail", dueAt: Now.AddMinutes(-5)));
        await AddAsync(TestDeliveries.New(queue: "mail", dueAt: Now.AddMinutes(-9)));
        await AddAsync(TestDeliveries.New(queue: "mail", dueAt: Now.AddMinutes(1)));
        await AddAsync(TestDeliveries.New(dueAt: Now.AddMinutes(-1)));
        await Store.PauseAsync("archive", Now.AddDays(-1), Cancel);
        await Store.PauseAsync("mail", Now, Cancel);

        (await Store.ListQueuesAsync(Now, Cancel)).ShouldBe(
            [
                new QueueSnapshot("archive", 0, 0, null, Now.AddDays(-1)),
                new QueueSnapshot(Queues.Default, 1, 0, Now.AddMinutes(-1), null),
                new QueueSnapshot("mail", 2, 1, Now.AddMinutes(-9), Now),
            ]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_worker_wants_to_leave_to_others_is_left_and_kept_from_nobody(bool withKey)
    {
        var key = withKey ? new DeliveryKey("poll 1") { IsOrdered = true } : null;
        List<NewDelivery> theirs = [];
        for (var number = 0; number < 20; number++)
        {
            theirs.Add(await AddAsync(TestDeliveries.New(listenerId: "Theirs", key: key)));
        }

        var ours = await AddAsync(TestDeliveries.New(listenerId: "Ours", key: key));
        await AddAsync(TestDeliveries.New(listenerId: "O'Theirs"));
        var request = new LeaseRequest(new DeliveryLease("worker", Now + LeaseTime), Now, 10) { Without = ["Theirs", "O'Theirs", "nobody"] };

        (await Store.LeaseAsync(request, Cancel)).ShouldHaveSingleItem().Id.ShouldBe(ours.Id);

        (await Store.ListQueuesAsync(Now, Cancel)).ShouldHaveSingleItem().Waiting.ShouldBe(21);
        (await LeaseIdsAsync())[0].ShouldBe(theirs[0].Id);
        // A lease that has ended is left as well.
        var later = Now + LeaseTime + LeaseTime;
        (await Store.LeaseAsync(request with { Lease = new DeliveryLease("worker", later + LeaseTime), Now = later }, Cancel)).ShouldHaveSingleItem().Id.ShouldBe(ours.Id);
    }

    [Fact]
    public async Task What_waits_is_counted_up_to_a_limit_so_that_looking_takes_no_longer_the_more_there_is()
    {
        const int More = QueueSnapshot.MaxCounted + 1;
        await Store.AddAsync([.. Enumerable.Range(0, More).Select(number => TestDeliveries.New(queue: "long", priority: (DeliveryPriority)(number % 2), dueAt: TestDeliveries.Time.AddTicks(number % 7)))], Cancel);
        await AddAsync(TestDeliveries.New(queue: "long", priority: DeliveryPriority.Low, dueAt: TestDeliveries.Time.AddDays(-1)));
        await AddAsync(TestDeliveries.New(queue: "short", dueAt: TestDeliveries.Time.AddDays(30)));
        await AddAsync(TestDeliveries.New(queue: "short"));

        var queues = await Store.ListQueuesAsync(Now, Cancel);

        queues.Select(queue => (queue.Name, queue.Waiting, queue.OldestDueAt)).ShouldBe(
        [
            ("long", QueueSnapshot.MaxCounted, TestDeliveries.Time.AddDays(-1)),
            ("short", 1, TestDeliveries.Time),
        ]);
    }

    [Fact]
    public async Task What_is_over_or_put_aside_is_in_no_queue()
    {
        await AddInStateAsync(DeliveryState.Completed);
        await AddInStateAsync(DeliveryState.Failed);
        await AddInStateAsync(DeliveryState.Parked);
        await AddInStateAsync(DeliveryState.Discarded);
        await AddInStateAsync(DeliveryState.Cancelled);

        (await Store.ListQueuesAsync(Now, Cancel)).ShouldBeEmpty();
    }
}
