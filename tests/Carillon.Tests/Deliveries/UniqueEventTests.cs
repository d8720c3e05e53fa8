using Carillon.Deliveries;
using Carillon.Listeners;
using Carillon.Testing;

namespace Carillon.Tests.Deliveries;

public sealed class UniqueEventTests : DeliveriesByHand
{
    [Fact] // B11, conformance 251
    public async Task An_equal_event_is_not_stored_beside_one_that_waits_and_another_one_is()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Changed>(_ => { }, Unique("rebuild")));

        await application.Events.DispatchAsync(new Changed(1, new(1, 2)), Cancellation);
        await application.Events.DispatchAsync(new Changed(1, new(1, 2)), Cancellation);
        await application.Events.DispatchAsync(new Changed(1, new(1, 3)), Cancellation);

        (await ListAsync()).Count.ShouldBe(2);
    }

    [Fact] // conformance 252
    public async Task When_it_is_done_an_equal_one_is_stored_again()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Changed>(_ => { }, Unique("rebuild")));
        await application.Events.DispatchAsync(new Changed(1, new(1, 2)), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        await application.Events.DispatchAsync(new Changed(1, new(1, 2)), Cancellation);

        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(1);
    }

    [Fact] // conformance 253: two listeners keep nobody of the other away
    public async Task Each_listener_has_uniqueness_of_its_own()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<Changed>(_ => { }, Unique("one"))
            .Listen<Changed>(_ => { }, Unique("two")));

        await application.Events.DispatchAsync(new Changed(1, new(1, 2)), new DeliveryOptions { UniqueKey = "same" }, Cancellation);

        (await ListAsync()).Count.ShouldBe(2);
    }

    [Fact] // the dispatch over the event, the event over its content
    public async Task Who_says_the_key_first_has_the_word()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Named>(_ => { }, Unique("rebuild")));

        await application.Events.DispatchAsync(new Named("a", 1), Cancellation);
        await application.Events.DispatchAsync(new Named("a", 2), Cancellation);
        (await ListAsync()).Count.ShouldBe(1);
        await application.Events.DispatchAsync(new Named("a", 1), new DeliveryOptions { UniqueKey = "b" }, Cancellation);
        (await ListAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_event_whose_own_key_is_empty_is_refused()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<Named>(_ => { }, Unique("rebuild")));

        (await Should.ThrowAsync<CarillonException>(async () => await application.Events.DispatchAsync(new Named("", 1), Cancellation)))
            .Message.ShouldContain("'rebuild'");
    }

    [Fact] // conformance 255, 257: of a burst the last one runs, when the dispatch says
    public async Task One_that_replaces_takes_the_place_of_the_one_before_and_its_time()
    {
        var seen = new List<int>();
        await using var application = await StartAsync(carillon => carillon.Listen<Named>(
            e => seen.Add(e.Number),
            options => (options.Delivery, options.Id, options.Unique) =
                (Delivery.Durable, "search", new ListenerUniqueness(UniqueUntil.Started) { Replaces = true, MaxWait = TimeSpan.FromSeconds(25) })));
        for (var number = 1; number <= 3; number++)
        {
            await application.Events.DispatchAsync(new Named("a", number), new DeliveryOptions { Delay = TimeSpan.FromSeconds(10) }, Cancellation);
            Time.Advance(TimeSpan.FromSeconds(9));
            (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(number < 3 ? 0 : 1);
        }

        seen.ShouldBe([3]);
    }

    private static Action<ListenOptions> Unique(string id) => options =>
        (options.Delivery, options.Id, options.Unique) = (Delivery.Durable, id, new ListenerUniqueness());

    private sealed record Size(int Width, int Height);

    [Event("picture.changed")]
    private sealed record Changed(int Id, Size Size);

    [Event("picture.named")]
    private sealed record Named(string UniqueKey, int Number) : IUniqueEvent;
}
