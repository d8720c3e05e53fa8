using System.Collections.Frozen;
using Carillon.Deliveries;
using Carillon.Testing;

namespace Carillon.Tests.Deliveries;

/// <summary>Two applications with different listeners share a store and a queue.</summary>
public sealed class ForeignListenerTests : DeliveriesByHand
{
    private readonly List<int> _ran = [];

    [Fact]
    public async Task A_process_that_lacks_a_listener_leaves_its_deliveries_to_the_one_that_has_it_though_it_is_always_the_quicker()
    {
        await using var lacks = await StartAsync(carillon => carillon.AddEvent<NumberCounted>());
        await using var has = await StartAsync(carillon => carillon.Listen<NumberCounted>(e => _ran.Add(e.Number), Durable("count")));
        await has.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        // Put aside, made ready by the one that knows it, and put aside once more: by then it is known that somebody does.
        for (var turn = 0; turn < 2; turn++)
        {
            await lacks.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
            (await CountAsync()).ShouldBe(new Dictionary<DeliveryState, long> { [DeliveryState.Parked] = 1 });
            await SweepAsync("count");
        }

        await lacks.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        (await CountAsync()).ShouldBe(new Dictionary<DeliveryState, long> { [DeliveryState.Ready] = 1 });
        await has.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        _ran.ShouldBe([1]);

        // From here on it does not even put them aside.
        await has.Events.DispatchAsync(new NumberCounted(2), Cancellation);
        await lacks.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        (await CountAsync()).ShouldBe(new Dictionary<DeliveryState, long> { [DeliveryState.Ready] = 1 });
    }

    [Fact]
    public async Task Should_nobody_have_it_any_more_they_are_put_aside_after_a_while()
    {
        await using var lacks = await StartAsync(carillon => carillon.AddEvent<NumberCounted>());
        await using (var had = await StartAsync(carillon => carillon.Listen<NumberCounted>(e => _ran.Add(e.Number), Durable("count"))))
        {
            await had.Events.DispatchAsync(new NumberCounted(1), Cancellation);
            await lacks.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
            await SweepAsync("count");
            await lacks.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
            await SweepAsync("count");
        }

        Time.Advance(TimeSpan.FromMinutes(9));
        await lacks.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        (await CountAsync()).Keys.ShouldBe([DeliveryState.Ready]);
        Time.Advance(TimeSpan.FromMinutes(1));
        await lacks.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        (await CountAsync()).ShouldBe(new Dictionary<DeliveryState, long> { [DeliveryState.Parked] = 1 });
    }

    private async Task SweepAsync(string listener) =>
        (await Store.SweepAsync(new SweepRequest(new KnownNames(new[] { "number.counted" }.ToFrozenSet(), new[] { listener }.ToFrozenSet()), Time.GetUtcNow()), Cancellation)).ShouldBe(1);
}
