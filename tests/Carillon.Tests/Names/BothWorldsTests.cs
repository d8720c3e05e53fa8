using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Names;

// Conformance 70: a typed event has a name, and a name may have a type.
public sealed class BothWorldsTests
{
    private readonly List<string> _calls = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_typed_event_reaches_the_listeners_of_its_name()
    {
        var seen = new List<object?>();
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("ship.arrived", (NamedEvent e) => seen.Add(e.Payload))
            .Listen("ship.*", (ShipArrived e) => seen.Add(e))
            .Listen("*.arrived", (IShipEvent e) => seen.Add(e))
            .Listen("ship.*", (string e) => seen.Add(e))
            .Listen("ship.left", (NamedEvent e) => seen.Add(e.Payload)));
        var arrived = new ShipArrived("Otter");

        (await app.Events.DispatchAsync(arrived, Token)).ShouldBeSameAs(arrived);
        await app.Events.DispatchObjectAsync(arrived, Token);

        seen.Count.ShouldBe(6);
        seen.ShouldAllBe(each => ReferenceEquals(each, arrived));
    }

    [Fact]
    public async Task A_typed_event_has_the_name_of_its_attribute_for_those_who_listen()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen("harbour.was-closed", (NamedEvent e) => _calls.Add(e.Name))
            .Listen("harbour.closed", (NamedEvent e) => _calls.Add(e.Name)));

        await app.Events.DispatchAsync(new HarbourClosed(), Token);

        _calls.ShouldBe(["harbour.was-closed"]);
    }

    [Fact]
    public async Task An_event_that_is_emitted_by_its_own_name_reaches_typed_listeners_each_once()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen<ShipArrived>(_ => _calls.Add("type"))
            .Listen("ship.*", (ShipArrived _) => _calls.Add("payload"))
            .Listen("ship.arrived", (NamedEvent _) => _calls.Add("name"), options => options.Priority = 1)
            .Listen<object>(e => _calls.Add(e.GetType().Name)));

        (await app.Events.EmitAsync("ship.arrived", new ShipArrived("Otter"), Token)).ShouldBeTrue();
        await app.Events.DispatchAsync(new NamedEvent("ship.arrived", new ShipArrived("Otter")), Token);

        string[] once = ["name", "type", "payload", nameof(ShipArrived)];
        _calls.ShouldBe([.. once, .. once]);
    }

    [Fact]
    public async Task An_event_that_is_emitted_by_another_name_is_a_payload()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .Listen<ShipArrived>(_ => _calls.Add("type"))
            .Listen("boat.*", (ShipArrived _) => _calls.Add("payload")));

        (await app.Events.EmitAsync("boat.arrived", new ShipArrived("Otter"), Token)).ShouldBeTrue();

        _calls.ShouldBe(["payload"]);
    }

    [Fact]
    public async Task A_typed_listener_does_not_hear_its_name_with_another_payload()
    {
        await using var app = await Application.StartAsync(carillon => carillon.Listen<ShipArrived>(_ => _calls.Add("type")));

        (await app.Events.EmitAsync("ship.arrived", "Otter", Token)).ShouldBeFalse();
        (await app.Events.EmitAsync("ship.arrived", cancellationToken: Token)).ShouldBeFalse();
        (await app.Events.EmitAsync("ship.arrived", new ShipArrived("Otter"), Token)).ShouldBeTrue();

        _calls.ShouldBe(["type"]);
    }

    [Fact]
    public async Task A_listener_by_name_that_comes_while_the_application_runs_hears_typed_events_too()
    {
        await using var app = await Application.StartAsync(carillon => carillon.Listen<ShipArrived>(_ => _calls.Add("type")));
        await app.Events.DispatchAsync(new ShipArrived("Otter"), Token);

        using (app.Services.GetRequiredService<IListenerRegistry>().Listen("ship.#", (NamedEvent e) => _calls.Add(e.Name)))
        {
            await app.Events.DispatchAsync(new ShipArrived("Otter"), Token);
        }

        await app.Events.DispatchAsync(new ShipArrived("Otter"), Token);

        _calls.ShouldBe(["type", "type", "ship.arrived", "type"]);
    }

    internal interface IShipEvent;

    internal sealed record ShipArrived(string Name) : IShipEvent;

    [Event("harbour.was-closed")]
    internal sealed record HarbourClosed;
}
