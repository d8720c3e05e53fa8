using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Generators.Tests.Behaviour;

/// <summary>Who is called, and when: the same in whatever way the listeners have come into the application (conformance 108).</summary>
public sealed class OrderTests
{
    public static TheoryData<Way> All => Ways.All;

    [Theory, MemberData(nameof(All))] // Conformance 1, 2, 58, 108
    public Task Listeners_run_by_priority_then_as_they_are_declared(Way way) =>
        Ways.AssertStepsAsync(way, new OrderPlaced(), "critical, by its base class", "high", "placed", "last, by its interface");

    [Theory, MemberData(nameof(All))]
    public Task A_listener_begins_when_the_one_before_it_has_finished(Way way) =>
        Ways.AssertStepsAsync(
            way, new OrderPaid(), "critical, by its base class", "task", "value task of int", "int", "value task that has completed", "value task", "last, by its interface");

    [Theory, MemberData(nameof(All))] // Conformance 15, 20
    public Task A_listener_that_names_another_moves_to_it(Way way) =>
        Ways.AssertStepsAsync(way, new ParcelPacked(), "check", "weigh", "label, asynchronously", "label", "ship");

    [Theory, MemberData(nameof(All))] // Conformance 25
    public Task An_inner_dispatch_ends_before_the_outer_goes_on(Way way) => Ways.AssertStepsAsync(way, new DoorOpened(), "door", "window", "door again", "last");

    [Theory, MemberData(nameof(All))] // Conformance 7, 20, 23
    public async Task The_priority_of_a_listener_can_be_asked_for_by_its_natural_or_explicit_id(Way way)
    {
        await using var stage = await Stage.StartAsync(way);
        var directory = stage.Services.GetRequiredService<IListenerDirectory>();

        directory.FindPriority<GreatBellRung>("great-bell").ShouldBe(-7);
        directory.FindPriority<GreatBellRung>("HouseListeners.Rung").ShouldBe(1);
        directory.FindPriority<BellRung>("great-bell").ShouldBeNull();
        directory.FindPriority<BellRung>("nobody").ShouldBeNull();
        directory.FindPriority<OrderTests>("great-bell").ShouldBeNull();
        directory.GetListeners(typeof(GreatBellRung)).Select(listener => listener.Id).ShouldBe(["HouseListeners.Rung", "HouseListeners.AnyBell", "great-bell"]);
    }

    [Theory, MemberData(nameof(All))] // Conformance 26, 28, 47
    public async Task What_comes_and_goes_during_a_dispatch_counts_from_the_next_one(Way way)
    {
        await using var stage = await Stage.StartAsync(way);

        await stage.DispatchAsync(new AlarmRaised(Again: false));
        stage.Steps.ShouldBe(["raise", "muted"]);
        await stage.DispatchAsync(new AlarmRaised(Again: true));

        // Those of a further provider follow the built-in one, to which the new listener belongs.
        stage.Steps.Skip(2).ShouldBe(way == Way.OtherProvider ? ["new", "raise"] : ["raise", "new"]);
    }

    [Theory, MemberData(nameof(All))] // Conformance 182, 183, 187, 188
    public async Task A_listener_class_is_made_when_its_turn_comes_in_the_scope_of_the_dispatch(Way way)
    {
        await using var stage = await Stage.StartAsync(way);
        stage.Services.GetRequiredService<IListenerDirectory>().HasListeners<SleeperWoken>().ShouldBeTrue();
        await stage.DispatchAsync(new WindowOpened());
        stage.Steps.ShouldBe(["window"]);

        await stage.DispatchAsync(new SleeperWoken());
        stage.Steps.Skip(1).ShouldBe(["make first", "run first", "make second", "run second"]);
        var trail = stage.Trail;
        await stage.DisposeAsync();

        // One that the container has not made is not its to dispose of.
        trail.Steps.Skip(5).ShouldBe(way is < Way.OneByOne ? ["dispose second"] : []);
    }

    [Theory, MemberData(nameof(All))] // Conformance 189, 190
    public async Task What_waits_runs_in_order_when_it_is_flushed_and_once(Way way)
    {
        await using var stage = await Stage.StartAsync(way);
        using var buffer = stage.Events.Defer();

        await stage.DispatchAsync(new WindowOpened());
        await stage.DispatchAsync(new LampLit());
        stage.Steps.ShouldBeEmpty();
        await buffer.FlushAsync(TestContext.Current.CancellationToken);
        await buffer.FlushAsync(TestContext.Current.CancellationToken);

        stage.Steps.ShouldBe(["window", "flicker", "shine"]);
    }

    [Theory, MemberData(nameof(All))] // Conformance 166
    public async Task Who_waits_for_an_event_hears_it_beside_its_listeners(Way way)
    {
        await using var stage = await Stage.StartAsync(way);
        var waiting = stage.Services.GetRequiredService<IEventWaiter>()
            .WaitForAsync<BellRung>(rung => rung.Tone == "high", TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        await stage.DispatchAsync(new BellRung("low"));
        waiting.IsCompleted.ShouldBeFalse();
        await stage.DispatchAsync(new BellRung("high"));
        (await waiting).Tone.ShouldBe("high");
        await stage.DispatchAsync(new BellRung("last"));

        stage.Steps.ShouldBe(["low", "any", "high", "any", "last", "any"]);
    }

    [Theory, MemberData(nameof(All))] // Conformance 176
    public async Task What_is_muted_is_not_called_until_it_is_heard_again(Way way)
    {
        await using var stage = await Stage.StartAsync(way);

        using (stage.Registry.Mute("HouseListeners.Rung"))
        {
            await stage.DispatchAsync(new BellRung("low"));
        }

        await stage.DispatchAsync(new BellRung("high"));
        stage.Steps.ShouldBe(["any", "high", "any"]);
    }

    [Fact] // Conformance 121
    public async Task Listeners_that_are_added_twice_run_once()
    {
        var services = new ServiceCollection().AddScoped<Trail>().AddKeyedSingleton("blue", "sky");
        services.AddCarillon(carillon => carillon.AddListeners()).AddCarillon(carillon => carillon.AddListeners());
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderSent(), TestContext.Current.CancellationToken);

        scope.ServiceProvider.GetRequiredService<Trail>().Steps.Count.ShouldBe(1);
    }
}
