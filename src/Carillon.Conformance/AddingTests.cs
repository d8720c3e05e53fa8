using Carillon.Deliveries;
using Carillon.Envelopes;

namespace Carillon.Conformance;

/// <summary>What is written.</summary>
public abstract class AddingTests<TStores> : DeliveryStoreTests<TStores>
    where TStores : TestStores, new()
{
    [Fact]
    public async Task Ids_count_up_from_one()
    {
        NewDelivery[] added = [TestDeliveries.New(), TestDeliveries.New(), TestDeliveries.New()];

        await Store.AddAsync(added, Cancel);

        added.Select(delivery => delivery.Id).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Adding_nothing_adds_nothing()
    {
        await Store.AddAsync([], Cancel);

        (await Store.CountAsync(Now, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Everything_that_was_written_comes_back_when_it_is_leased()
    {
        var envelope = new Envelope
        {
            Id = Guid.Parse("01957a5e-8f3c-7b2a-9c1d-0123456789ab"),
            EventName = "poll.créé",
            EventVersion = 7,
            Time = Now.AddTicks(-3),
            CorrelationId = "corrélation 🔔",
            CausationId = Guid.Parse("ffeeddcc-bbaa-7988-8766-554433221100"),
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            TraceState = "congo=t61rcWkgMzE",
            Payload = """{"id":1}"""u8.ToArray(),
        };
        var added = await AddAsync(new NewDelivery { Envelope = envelope, ListenerId = "Sitemap.Rebuild", DueAt = Now });

        var leased = (await LeaseAsync()).ShouldHaveSingleItem();

        leased.Id.ShouldBe(added.Id);
        leased.ListenerId.ShouldBe("Sitemap.Rebuild");
        leased.Envelope.Id.ShouldBe(envelope.Id);
        leased.Envelope.EventName.ShouldBe(envelope.EventName);
        leased.Envelope.EventVersion.ShouldBe(7);
        leased.Envelope.Time.ShouldBe(envelope.Time);
        leased.Envelope.CorrelationId.ShouldBe(envelope.CorrelationId);
        leased.Envelope.CausationId.ShouldBe(envelope.CausationId);
        leased.Envelope.TraceParent.ShouldBe(envelope.TraceParent);
        leased.Envelope.TraceState.ShouldBe(envelope.TraceState);
        leased.Envelope.Payload.ToArray().ShouldBe(envelope.Payload.ToArray());
    }

    [Fact]
    public async Task What_was_left_out_is_still_left_out_when_it_is_leased()
    {
        await AddAsync();

        var envelope = (await LeaseAsync()).ShouldHaveSingleItem().Envelope;

        envelope.CausationId.ShouldBeNull();
        envelope.TraceParent.ShouldBeNull();
        envelope.TraceState.ShouldBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_096)]
    [InlineData(1_048_576)]
    public async Task A_payload_of_any_size_comes_back_byte_by_byte(int size)
    {
        var payload = new byte[size];
        for (var i = 0; i < size; i++)
        {
            payload[i] = (byte)(i * 31);
        }

        await AddAsync(TestDeliveries.New(payload: payload));

        (await LeaseAsync()).ShouldHaveSingleItem().Envelope.Payload.Span.SequenceEqual(payload).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("'; DROP TABLE carillon_deliveries; --")]
    public async Task A_text_of_any_kind_comes_back_as_it_was(string text)
    {
        await AddAsync(TestDeliveries.New(listenerId: text));
        await AddAsync(TestDeliveries.New(listenerId: text + new string('é', 3_000)));

        (await LeaseAsync()).Select(leased => leased.ListenerId).ShouldBe([text, text + new string('é', 3_000)]);
    }

    [Fact]
    public async Task A_delivery_that_is_added_as_leased_is_in_its_first_attempt_with_token_one()
    {
        var added = await AddAsync(TestDeliveries.New(lease: new DeliveryLease("this process", Now + LeaseTime)));

        (await LeaseAsync()).ShouldBeEmpty();
        var snapshot = await ReadAsync(added.Id);
        snapshot.State.ShouldBe(DeliveryState.Leased);
        snapshot.Attempts.ShouldBe(1);
        snapshot.Owner.ShouldBe("this process");
        snapshot.DueAt.ShouldBe(Now + LeaseTime);
        (await SettleAsync(Taken(added), DeliveryOutcome.Completed)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_delivery_that_was_added_as_leased_is_found_by_others_when_that_lease_has_ended() // 355
    {
        var added = await AddAsync(TestDeliveries.New(lease: new DeliveryLease("a process that was killed", Now + LeaseTime)));

        var leased = (await LeaseAsync(now: Now + LeaseTime)).ShouldHaveSingleItem();

        leased.Attempt.ShouldBe(2);
        leased.Token.ShouldBe(2);
        (await SettleAsync(Taken(added), DeliveryOutcome.Completed)).ShouldBeFalse();
    }

    [Fact]
    public async Task Two_equal_events_for_one_listener_are_two_deliveries() // 227
    {
        var first = TestDeliveries.New();
        var second = new NewDelivery { Envelope = first.Envelope, ListenerId = first.ListenerId, DueAt = first.DueAt };
        await Store.AddAsync([first, second], Cancel);
        var leased = await LeaseAsync();

        (await SettleAsync(leased[0], DeliveryOutcome.Completed)).ShouldBeTrue();

        (await FindAsync(leased[0].Id)).ShouldBeNull();
        (await ReadAsync(leased[1].Id)).State.ShouldBe(DeliveryState.Leased);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_it_begins_adds_nothing()
    {
        await Should.ThrowAsync<OperationCanceledException>(
            async () => await Store.AddAsync([TestDeliveries.New()], new CancellationToken(canceled: true)));

        (await Store.CountAsync(Now, Cancel)).ShouldBeEmpty();
    }

    private static LeasedDelivery Taken(NewDelivery added) => new()
    {
        Id = added.Id,
        Token = 1,
        Attempt = 1,
        ListenerId = added.ListenerId,
        Envelope = added.Envelope,
    };
}
