using Carillon.Listeners;
using Carillon.Testing;

namespace Carillon.Tests.Names;

public sealed class DurableNameTests
{
    private readonly List<string> _calls = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_durable_listener_by_name_receives_the_stored_event_or_the_name_around_it()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .UseInMemory()
            .RunDeliveriesByHand()
            .AddEvent<CargoLoaded>()
            .Listen("cargo.*", (NamedEvent e) => _calls.Add($"{e.Name} {((CargoLoaded)e.Payload!).Tons}"), Durable("named"))
            .Listen("#", (CargoLoaded e) => _calls.Add($"typed {e.Tons}"), Durable("typed"))
            .Listen("cargo.unloaded", (CargoUnloaded e) => _calls.Add("another"), Durable("another")));

        await app.Events.DispatchAsync(new CargoLoaded(1), Token);
        (await app.Events.EmitAsync("cargo.loaded", new CargoLoaded(2), Token)).ShouldBeTrue();
        _calls.ShouldBeEmpty();
        await app.Services.DrainDeliveriesAsync(cancellationToken: Token);

        _calls.Order().ShouldBe(["cargo.loaded 1", "cargo.loaded 2", "typed 1", "typed 2"]);
    }

    [Fact]
    public async Task What_has_no_type_cannot_be_stored_and_is_refused_before_anything_runs()
    {
        await using var app = await Application.StartAsync(carillon => carillon
            .UseInMemory()
            .AddEvent<CargoLoaded>()
            .Listen("cargo.*", (NamedEvent e) => _calls.Add("inline"), options => options.Priority = 1)
            .Listen("cargo.*", (NamedEvent e) => _calls.Add("durable"), Durable("audit")));

        var refused = await Should.ThrowAsync<CarillonException>(async () => await app.Events.EmitAsync("cargo.lost", 5, Token));

        refused.Message.ShouldContain("'cargo.lost'");
        refused.Message.ShouldContain("'audit'");
        refused.Message.ShouldContain("System.Int32");
        _calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_durable_listener_of_a_name_that_no_event_has_stops_the_start()
    {
        var refused = await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(carillon => carillon
            .UseInMemory()
            .Listen("cargo.lost", (NamedEvent _) => { }, Durable("lost"))
            .Listen<NamedEvent>(_ => { }, Durable("all"))));

        refused.Problems.ShouldContain(problem => problem.Contains("'lost'") && problem.Contains("'cargo.lost'"));
        refused.Problems.ShouldContain(problem => problem.Contains("'all'") && problem.Contains("Give it a pattern"));
    }

    [Fact]
    public async Task An_event_that_a_durable_listener_hears_by_name_must_survive_storage()
    {
        var refused = await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(carillon => carillon
            .UseInMemory()
            .AddEvent<Unstorable>()
            .Listen("#", (NamedEvent _) => { }, Durable("all"))));

        refused.Message.ShouldContain("'unstorable'");
    }

    private static Action<ListenOptions> Durable(string id) => options => (options.Delivery, options.Id) = (Delivery.Durable, id);

    internal sealed record CargoLoaded(int Tons);

    internal sealed record CargoUnloaded(int Tons);

    internal sealed record Unstorable(Action Action);
}
