using Carillon.Deliveries;
using Carillon.Listeners;
using Carillon.Testing;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Deliveries;

public sealed class DeliveryOptionsTests : DeliveriesByHand
{
    private readonly List<string> _ran = [];

    [Fact] // B7, conformance 246, 257: what is said at the dispatch
    public async Task A_delay_keeps_the_durable_listeners_waiting_and_not_the_inline_ones()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<Sent>(_ => _ran.Add("inline"))
            .Listen<Sent>(_ => _ran.Add("durable"), Durable("mail")));

        await application.Events.DispatchAsync(new Sent("a"), new DeliveryOptions { Delay = TimeSpan.FromMinutes(5) }, Cancellation);

        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(0);
        _ran.ShouldBe(["inline"]);
        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Scheduled);
        Time.Advance(TimeSpan.FromMinutes(5));
        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task A_time_is_a_delay_too_and_one_that_has_passed_is_now()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Sent>(e => _ran.Add(e.To), Durable("mail")));

        await application.Events.DispatchAsync(new Sent("past"), new DeliveryOptions { DueAt = Time.GetUtcNow().AddDays(-1) }, Cancellation);
        await application.Events.DispatchAsync(new Sent("later"), new DeliveryOptions { DueAt = Time.GetUtcNow().AddHours(1) }, Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        _ran.ShouldBe(["past"]);
        Time.Advance(TimeSpan.FromHours(1));
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        _ran.ShouldBe(["past", "later"]);
    }

    [Fact]
    public async Task A_delay_without_end_is_the_end_of_time()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Sent>(_ => { }, Durable("mail")));

        await application.Events.DispatchAsync(new Sent("a"), new DeliveryOptions { Delay = TimeSpan.MaxValue }, Cancellation);

        (await ListAsync()).ShouldHaveSingleItem().DueAt.ShouldBe(DateTimeOffset.MaxValue);
    }

    [Fact] // B8
    public async Task The_urgent_run_before_the_others()
    {
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => worker.MaxConcurrency = 1)
            .Listen<Sent>(e => _ran.Add(e.To), Durable("mail")));
        await application.Events.DispatchAsync(new Sent("low"), new DeliveryOptions { Priority = DeliveryPriority.Low }, Cancellation);
        await application.Events.DispatchAsync(new Sent("normal"), Cancellation);
        await application.Events.DispatchAsync(new Sent("high"), new DeliveryOptions { Priority = DeliveryPriority.High }, Cancellation);

        var leased = await Store.LeaseAsync(
            new LeaseRequest(new DeliveryLease("test", Time.GetUtcNow().AddMinutes(1)), Time.GetUtcNow(), 3), Cancellation);

        leased.Select(each => System.Text.Encoding.UTF8.GetString(each.Envelope.Payload.Span)).ShouldBe(["""{"to":"high"}""", """{"to":"normal"}""", """{"to":"low"}"""]);
    }

    [Fact] // B11: the dispatch over the event
    public async Task The_key_of_the_dispatch_wins_over_that_of_the_event()
    {
        var store = new SeenStore(Store);
        await using var application = await Application.StartAsync(carillon => carillon.UseStore(_ => store).UseSimulatedTime(Time).RunDeliveriesByHand()
            .Listen<Keyed>(_ => { }, Durable("ordered", options => (options.Ordered, options.SkipsFailed) = (true, true)))
            .Listen<Keyed>(_ => { }, Durable("limited", options => options.MaxPerKey = 3))
            .Listen<Keyed>(_ => { }, Durable("free")));

        await application.Events.DispatchAsync(new Keyed("of the event"), Cancellation);
        await application.Events.DispatchAsync(new Keyed("of the event"), new DeliveryOptions { Key = "of the dispatch" }, Cancellation);
        await application.Events.DispatchAsync(new Keyed(null), new DeliveryOptions { Key = "of the dispatch" }, Cancellation);

        store.Seen.Select(each => (each.ListenerId, each.Key)).ShouldBe(
        [
            ("ordered", new DeliveryKey("of the event") { IsOrdered = true, SkipsFailed = true }),
            ("limited", new DeliveryKey("of the event") { Limit = 3 }),
            ("free", null),
            ("ordered", new DeliveryKey("of the dispatch") { IsOrdered = true, SkipsFailed = true }),
            ("limited", new DeliveryKey("of the dispatch") { Limit = 3 }),
            ("free", null),
            ("ordered", new DeliveryKey("of the dispatch") { IsOrdered = true, SkipsFailed = true }),
            ("limited", new DeliveryKey("of the dispatch") { Limit = 3 }),
            ("free", null),
        ]);
    }

    [Fact]
    public async Task An_event_without_a_key_is_free_of_a_limit_but_an_order_wants_one()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<Keyed>(_ => { }, Durable("limited", options => options.MaxPerKey = 3))
            .Listen<Sent>(_ => { }, Durable("ordered", options => options.Ordered = true)));

        await application.Events.DispatchAsync(new Keyed(null), Cancellation);
        var error = await Should.ThrowAsync<CarillonException>(async () => await application.Events.DispatchAsync(new Sent("a"), Cancellation));

        error.Message.ShouldContain("'mail.sent'");
        error.Message.ShouldContain("'ordered'");
        error.Message.ShouldContain("IKeyedEvent");
        error.Message.ShouldContain("DeliveryOptions.Key");
        (await ListAsync()).ShouldHaveSingleItem().ListenerId.ShouldBe("limited");
    }

    [Fact]
    public async Task The_queue_of_the_listener_is_that_of_its_deliveries()
    {
        var store = new SeenStore(Store);
        await using var application = await Application.StartAsync(carillon => carillon.UseStore(_ => store).UseSimulatedTime(Time).RunDeliveriesByHand()
            .Listen<Sent>(_ => { }, Durable("mail", options => options.Queue = "mail")));

        await application.Events.DispatchAsync(new Sent("a"), Cancellation);

        store.Seen.ShouldHaveSingleItem().Queue.ShouldBe("mail");
    }

    [Theory]
    [MemberData(nameof(Impossible))]
    public async Task What_cannot_be_is_refused_before_any_listener_runs(DeliveryOptions options, string says)
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Sent>(_ => _ran.Add("ran")));

        var error = await Should.ThrowAsync<ArgumentException>(async () => await application.Events.DispatchAsync(new Sent("a"), options, Cancellation));

        error.Message.ShouldContain(says);
        _ran.ShouldBeEmpty();
    }

    public static TheoryData<DeliveryOptions, string> Impossible() => new()
    {
        { new DeliveryOptions { Delay = TimeSpan.FromSeconds(-1) }, "Delay is -00:00:01" },
        { new DeliveryOptions { Delay = TimeSpan.Zero, DueAt = DateTimeOffset.UnixEpoch }, "both say" },
        { new DeliveryOptions { Priority = (DeliveryPriority)7 }, "Priority is 7" },
        { new DeliveryOptions { Key = "" }, "Key is empty" },
        { new DeliveryOptions { Key = new string('k', 201) }, "Key has 201 characters" },
        { new DeliveryOptions { UniqueKey = "" }, "UniqueKey is empty" },
    };

    [Theory]
    [InlineData("")]
    [InlineData("long")]
    public async Task A_key_of_an_event_that_cannot_be_is_refused_with_the_event_named(string key)
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Keyed>(_ => { }, Durable("limited", options => options.MaxPerKey = 3)));

        var error = await Should.ThrowAsync<CarillonException>(
            async () => await application.Events.DispatchAsync(new Keyed(key == "long" ? new string('k', 201) : key), Cancellation));

        error.Message.ShouldContain("'mail.keyed'");
        error.Message.ShouldContain("'limited'");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Options_that_nobody_can_heed_are_a_word_in_the_log_and_no_error(bool durableBehindStop)
    {
        await using var application = await StartAsync(carillon =>
        {
            carillon.Listen<Sent>(_ => { }, options => (options.StopPropagation, options.Priority) = (true, 1));
            if (durableBehindStop)
            {
                carillon.Listen<Sent>(_ => { }, Durable("mail"));
            }
        });

        await application.Events.DispatchAsync(new Sent("a"), new DeliveryOptions { Delay = TimeSpan.FromSeconds(1) }, Cancellation);

        application.Log.Entries.Single(entry => entry.Id == 132).Level.ShouldBe(LogLevel.Debug);
    }

    [Fact]
    public async Task Receipts_tell_what_became_of_each_delivery()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<Sent>(_ => { }, Durable("mail", options => options.Unique = new ListenerUniqueness()))
            .Listen<Sent>(_ => { }, Durable("count")));
        var receipts = new List<DeliveryReceipt>();

        await application.Events.DispatchAsync(new Sent("a"), new DeliveryOptions { Receipts = receipts }, Cancellation);
        await application.Events.DispatchAsync(new Sent("a"), new DeliveryOptions { Receipts = receipts }, Cancellation);

        receipts.Select(receipt => (receipt.ListenerId, receipt.IsDuplicate)).ShouldBe([("mail", false), ("count", false), ("mail", true), ("count", false)]);
        receipts[2].Id.ShouldBe(receipts[0].Id);
        receipts.Select(receipt => receipt.Id).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Publishing_and_emitting_take_options_too()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Sent>(_ => { }, Durable("mail")));
        var options = new DeliveryOptions { Delay = TimeSpan.FromHours(1) };

        await application.Events.PublishAsync(new Sent("a"), options, Cancellation);
        (await application.Events.EmitAsync("mail.sent", new Sent("b"), options, Cancellation)).ShouldBeTrue();
        (await application.Events.EmitAsync("nobody.listens", options, Cancellation)).ShouldBeFalse();

        (await ListAsync()).Select(each => each.State).ShouldBe([DeliveryState.Scheduled, DeliveryState.Scheduled]);
    }

    [Fact]
    public async Task A_struct_comes_back_as_its_listeners_left_it()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Amount>(e => _ran.Add($"{e.Cents}")));

        (await application.Events.DispatchAsync(new Amount(7), new DeliveryOptions(), Cancellation)).Cents.ShouldBe(7);
        _ran.ShouldBe(["7"]);
    }

    [Fact]
    public async Task What_waits_in_a_buffer_keeps_its_options()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Sent>(_ => { }, Durable("mail")));
        using (var buffer = application.Events.Defer())
        {
            await application.Events.DispatchAsync(new Sent("a"), new DeliveryOptions { Delay = TimeSpan.FromHours(1) }, Cancellation);
            await buffer.FlushAsync(Cancellation);
        }

        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Scheduled);
    }

    [Fact]
    public async Task A_dispatcher_of_somebody_elses_that_knows_no_options_says_so()
    {
        IEventDispatcher fake = new Fake();

        (await Should.ThrowAsync<NotSupportedException>(async () => await fake.DispatchAsync(new Sent("a"), new DeliveryOptions(), Cancellation)))
            .Message.ShouldContain("DeliveryOptions");
    }

    private static Action<ListenOptions> Durable(string id, Action<ListenOptions> more) => options =>
    {
        (options.Delivery, options.Id) = (Delivery.Durable, id);
        more(options);
    };

    [Event("mail.sent")]
    private sealed record Sent(string To);

    [Event("mail.keyed")]
    private sealed record Keyed(string? Key) : IKeyedEvent;

    [Event("amount.changed")]
    private readonly record struct Amount(int Cents);

    private sealed class Fake : IEventDispatcher
    {
        public ValueTask DispatchObjectAsync(object @event, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }

    private sealed class SeenStore(IDeliveryStore store) : Transactions.StoreAround(store)
    {
        internal List<NewDelivery> Seen { get; } = [];

        public override ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
        {
            Seen.AddRange(deliveries);
            return base.AddAsync(deliveries, cancellationToken);
        }
    }
}
