using System.Collections.Frozen;
using System.Text;
using Carillon.Deliveries;
using Carillon.Envelopes;

namespace Carillon.Conformance;

/// <summary>Names, keys and errors are what somebody has typed, or worse: they come back as they were and mean nothing to the database.</summary>
public abstract class HostileInputTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    /// <summary>What has broken stores before.</summary>
    public static TheoryData<string> Texts =>
    [
        "",
        " ",
        "a\0b",
        "\0",
        "'",
        "\"",
        "''; DROP TABLE carillon_deliveries; --",
        "\\",
        "\\0",
        "\\u0000",
        "%_[]",
        "$1 @p0 :name ?1 {0}",
        "line\r\nline\tend",
        "🔔 𝄞 e\u0301",
        "\u202e\ufeff\u200b",
        new string('x', 5_000),
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Names_come_back_as_they_were(string text)
    {
        var envelope = new Envelope
        {
            Id = Guid.Parse("01957a5e-8f3c-7b2a-9c1d-0123456789ab"),
            EventName = text + "event",
            EventVersion = 1,
            Time = Now,
            CorrelationId = text + "correlation",
            TraceParent = text + "parent",
            TraceState = text + "state",
            Payload = Encoding.UTF8.GetBytes(text),
        };
        await AddAsync(new NewDelivery { Envelope = envelope, ListenerId = text + "listener", DueAt = Now, Queue = text + "queue" });

        var leased = (await LeaseAsync(queue: text + "queue", owner: text + "worker")).ShouldHaveSingleItem();

        leased.Envelope.EventName.ShouldBe(envelope.EventName);
        leased.Envelope.CorrelationId.ShouldBe(envelope.CorrelationId);
        leased.Envelope.TraceParent.ShouldBe(envelope.TraceParent);
        leased.Envelope.TraceState.ShouldBe(envelope.TraceState);
        leased.Envelope.Payload.ToArray().ShouldBe(envelope.Payload.ToArray());
        leased.ListenerId.ShouldBe(text + "listener");
        leased.Queue.ShouldBe(text + "queue");
        var snapshot = (await Store.ListAsync(new DeliveryQuery { EventName = text + "event", ListenerId = text + "listener", Queue = text + "queue" }, Now, Cancel))
            .ShouldHaveSingleItem();
        snapshot.Owner.ShouldBe(text + "worker");
        snapshot.EventName.ShouldBe(envelope.EventName);
        snapshot.CorrelationId.ShouldBe(envelope.CorrelationId);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Keys_keep_their_order_and_their_uniqueness(string text) // 311
    {
        var key = new DeliveryKey(text) { IsOrdered = true };
        var unique = new DeliveryUniqueness(text, UniqueUntil.Done);
        await Store.AddAsync(
            [
                TestDeliveries.New(key: key),
                TestDeliveries.New(key: key),
                TestDeliveries.New(key: key with { Value = text + "\0" }),
                TestDeliveries.New(unique: unique),
                TestDeliveries.New(unique: unique with { Key = text + " " }),
            ],
            Cancel);

        (await AddAsync(TestDeliveries.New(unique: unique))).Id.ShouldBe(4);
        (await LeaseAsync()).Select(leased => (leased.Id, leased.Key)).ShouldBe([(1, text), (3, text + "\0"), (4, null), (5, null)]);
        (await Store.ListAsync(new DeliveryQuery { Key = text, OldestFirst = true }, Now, Cancel)).Select(delivery => delivery.Id).ShouldBe([1, 2]);
        (await Store.ListAsync(new DeliveryQuery { UniqueKey = text }, Now, Cancel)).ShouldHaveSingleItem().UniqueKey.ShouldBe(text);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Errors_come_back_as_they_were(string text)
    {
        var leased = await AddAndLeaseAsync();
        await SettleAsync(leased, DeliveryOutcome.Retry, retryAt: Now, error: text);
        await SettleAsync((await LeaseAsync()).ShouldHaveSingleItem(), DeliveryOutcome.Failed, error: text + "!");

        var details = (await Store.FindAsync(leased.Id, Now, Cancel)).ShouldNotBeNull();

        details.Delivery.Error.ShouldBe(text + "!");
        details.FailedAttempts.Select(attempt => attempt.Error).ShouldBe([text, text + "!"]);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Queues_are_paused_and_parked_names_are_known_by_exactly_what_they_are(string text)
    {
        var queue = text + "queue";
        await Store.PauseAsync(queue, Now, Cancel);
        var parked = await AddAndLeaseAsync(TestDeliveries.New(eventName: text + "event", listenerId: text + "listener"));
        await SettleAsync(parked, DeliveryOutcome.Parked);

        (await Store.ListQueuesAsync(Now, Cancel)).ShouldHaveSingleItem().Name.ShouldBe(queue);
        (await Store.SweepAsync(new SweepRequest(new KnownNames(FrozenSet.Create(text + "event "), FrozenSet.Create(text + "listener")), Now), Cancel)).ShouldBe(0);
        (await Store.SweepAsync(new SweepRequest(new KnownNames(FrozenSet.Create(text + "event"), FrozenSet.Create(text + "listener")), Now), Cancel)).ShouldBe(1);
        (await Store.ResumeAsync(queue, Cancel)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public async Task An_error_of_any_length_is_kept_or_cut_with_its_beginning(int length)
    {
        var error = "the beginning" + new string('é', length);
        var leased = await AddAndLeaseAsync();

        await SettleAsync(leased, DeliveryOutcome.Failed, error: error);

        (await ReadAsync(leased.Id)).Error.ShouldNotBeNull().ShouldStartWith("the beginning");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task Ids_that_were_never_given_are_nobody(long id)
    {
        await AddAsync();

        (await Store.FindAsync(id, Now, Cancel)).ShouldBeNull();
        (await Store.RetryAsync([id], Now, Cancel)).ShouldBe(0);
        (await Store.CancelAsync([id], Now, null, Cancel)).ShouldBe([CancelResult.TooLate]);
        (await Store.ListAsync(new DeliveryQuery { AfterId = id, OldestFirst = true }, Now, Cancel)).Count.ShouldBe(id < 1 ? 1 : 0);
    }

    [Fact] // Each process has its own.
    public async Task A_clock_that_jumps_ahead_takes_a_lease_over_and_one_that_jumps_back_keeps_what_it_has()
    {
        var first = await AddAndLeaseAsync();
        var ahead = (await LeaseAsync(Now.AddHours(1))).ShouldHaveSingleItem();

        (await Store.SettleAsync([new Settlement { Delivery = first, Outcome = DeliveryOutcome.Completed, At = Now }], Cancel)).ShouldHaveSingleItem();
        (await LeaseAsync(Now)).ShouldBeEmpty();
        (await Store.SettleAsync([new Settlement { Delivery = ahead, Outcome = DeliveryOutcome.Retry, At = Now.AddHours(-1), RetryAt = Now.AddMinutes(-59), Error = "no" }], Cancel)).ShouldBeEmpty();

        (await LeaseAsync(Now.AddHours(-1))).ShouldBeEmpty();
        (await Store.GetNextDueAsync(Now.AddHours(-1), Cancel)).ShouldBe(Now.AddMinutes(-59));
        (await LeaseAsync(Now)).ShouldHaveSingleItem().Token.ShouldBe(ahead.Token + 1);
    }

    [Fact]
    public async Task What_a_clock_that_is_ahead_has_stored_waits_until_it_is_that_time_here()
    {
        var tomorrow = await AddAsync(TestDeliveries.New(time: Now.AddDays(1)));
        var today = await AddAsync();

        (await LeaseIdsAsync(Now)).ShouldBe([today.Id]);
        (await Store.GetNextDueAsync(Now.AddHours(23), Cancel)).ShouldBe(Now.AddDays(1));
        (await LeaseIdsAsync(Now.AddDays(1))).ShouldContain(tomorrow.Id);
    }

    [Fact]
    public async Task A_time_of_another_zone_is_the_same_time()
    {
        var zone = TimeSpan.FromHours(-9);
        var added = await AddAsync(TestDeliveries.New(time: Now.ToOffset(zone), dueAt: Now.AddHours(1).ToOffset(zone)));

        (await LeaseAsync(Now.AddHours(1).AddTicks(-1).ToOffset(TimeSpan.FromHours(5)))).ShouldBeEmpty();
        var leased = (await LeaseAsync(Now.AddHours(1).ToOffset(TimeSpan.FromHours(5)))).ShouldHaveSingleItem();

        leased.Id.ShouldBe(added.Id);
        leased.Envelope.Time.ShouldBe(Now);
        leased.DueAt.ShouldBe(Now.AddHours(1));
    }
}
