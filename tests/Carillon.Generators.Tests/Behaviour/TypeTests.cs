namespace Carillon.Generators.Tests.Behaviour;

/// <summary>Which events reach a listener, and with what: the same in whatever way it has come into the application (conformance 108).</summary>
public sealed class TypeTests
{
    public static TheoryData<Way> All => Ways.All;

    [Theory, MemberData(nameof(All))]
    public Task Dependencies_come_from_the_dispatch_and_from_the_container(Way way) =>
        Ways.AssertStepsAsync(way, new OrderSent(), "True True sky no red no version Friday");

    [Theory, MemberData(nameof(All))]
    public Task A_struct_reaches_listeners_by_value_and_by_reference(Way way) => Ways.AssertStepsAsync(way, new OrderMoved(7), "in 7", "by value 7");

    [Theory, MemberData(nameof(All))] // A2
    public Task A_listener_of_a_covariant_interface_takes_a_more_derived_event(Way way) => Ways.AssertStepsAsync(way, new Saved<string>(), "text", "object");

    [Theory, MemberData(nameof(All))] // Conformance 57
    public Task A_listener_of_an_interface_that_is_reached_by_two_paths_runs_once(Way way) => Ways.AssertStepsAsync(way, new BellRung("low"), "low", "any");

    [Theory, MemberData(nameof(All))] // Conformance 11, 68
    public async Task Listeners_share_the_instance_that_the_emitter_gets_back_whatever_one_of_them_makes_of_its_parameter(Way way)
    {
        await using var stage = await Stage.StartAsync(way);
        var rung = new GreatBellRung("deep");

        (await stage.DispatchAsync(rung)).ShouldBeSameAs(rung);

        rung.Count.ShouldBe(1);
        stage.Steps.ShouldBe(["deep", "any", "deep 1"]);
    }

    [Theory, MemberData(nameof(All))] // Conformance 12: by its own type and by that of its base, one callable runs once for each event
    public async Task The_run_time_type_decides_whatever_the_static_type(Way way)
    {
        await using var stage = await Stage.StartAsync(way);

        await stage.DispatchAsync<BellRung>(new GreatBellRung("deep"));
        await stage.DispatchAsync<object>(new BellRung("low"));

        stage.Steps.ShouldBe(["deep", "any", "deep 1", "low", "any"]);
    }

    [Theory, MemberData(nameof(All))] // Conformance 62
    public async Task A_listener_of_a_closed_generic_event_hears_no_other(Way way)
    {
        await using var stage = await Stage.StartAsync(way);

        await stage.DispatchAsync(new Created<string>("text"));
        await stage.DispatchAsync(new Created<int>(5));
        await stage.DispatchAsync(new Created<object>(new()));

        stage.Steps.ShouldBe(["text", "5"]);
    }

    [Theory, MemberData(nameof(All))] // Conformance 125
    public async Task Two_applications_in_one_process_do_not_hear_of_each_other(Way way)
    {
        await using var one = await Stage.StartAsync(way);
        await using var other = await Stage.StartAsync(way);

        await one.DispatchAsync(new AlarmRaised(Again: false));
        await other.DispatchAsync(new AlarmRaised(Again: true));

        one.Steps.ShouldBe(["raise", "muted"]);
        other.Steps.ShouldBe(["raise", "muted"]);
    }
}
