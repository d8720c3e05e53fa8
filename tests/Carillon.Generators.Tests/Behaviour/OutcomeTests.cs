using Carillon.Background;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Generators.Tests.Behaviour;

/// <summary>Stopping, failing and giving results: the same in whatever way the listeners have come into the application (conformance 108).</summary>
public sealed class OutcomeTests
{
    public static TheoryData<Way> All => Ways.All;

    public static MatrixTheoryData<Way, bool> AllTwice => new(Enum.GetValues<Way>(), [false, true]);

    public static MatrixTheoryData<Way, int> AllByLimit => new(Enum.GetValues<Way>(), [0, 1, 2, 3, 4]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(AllByLimit))] // Conformance 41, 42
    public Task No_listener_runs_once_the_event_is_stopped(Way way, int limit) =>
        Ways.AssertStepsAsync(way, new OrderQuestion(limit), [.. new[] { "first", "second", "third", "fourth" }.Take(limit)]);

    [Theory, MemberData(nameof(All))] // Conformance 52
    public Task Behind_a_listener_that_stops_the_rest_nobody_runs(Way way) => Ways.AssertStepsAsync(way, new ParcelSealed(Fails: false), "seal");

    [Theory, MemberData(nameof(All))] // Conformance 52
    public async Task The_exception_of_a_listener_that_would_stop_the_rest_wins(Way way)
    {
        await using var stage = await Stage.StartAsync(way);

        (await Should.ThrowAsync<TimeoutException>(() => stage.DispatchAsync(new ParcelSealed(Fails: true)))).Message.ShouldBe("The seal broke.");

        stage.Steps.ShouldBe(["seal"]);
    }

    [Theory, MemberData(nameof(All))] // Conformance 35, A4
    public async Task A_listener_learns_of_the_dispatch_through_its_context_and_can_stop_it(Way way)
    {
        await using var stage = await Stage.StartAsync(way);

        await stage.DispatchAsync(new GuestArrived());

        stage.Steps.ShouldBe(["guest.arrived 1 True"]);
    }

    [Theory, MemberData(nameof(AllTwice))] // Conformance 129, 133
    public async Task An_exception_reaches_the_emitter_and_ends_the_dispatch(Way way, bool later)
    {
        await using var stage = await Stage.StartAsync(way);

        var exception = await Should.ThrowAsync<TimeoutException>(() => stage.DispatchAsync(new OrderFailed(later)));

        exception.Message.ShouldBe("The order failed.");
        stage.Steps.ShouldBe(["failing"]);
    }

    [Theory, MemberData(nameof(All))] // Conformance 52, 130
    public async Task Of_an_event_that_isolates_failures_all_listeners_run_and_all_failures_are_told(Way way)
    {
        await using var stage = await Stage.StartAsync(way);

        var error = await Should.ThrowAsync<ListenersFailedException>(() => stage.DispatchAsync(new HouseChecked()));

        stage.Steps.ShouldBe(["check door", "check window"]);
        error.EventName.ShouldBe("house.checked");
        error.Failures.Select(failure => (failure.ListenerId, failure.Exception.Message))
            .ShouldBe([("HouseListeners.CheckRoof", "roof"), ("HouseListeners.CheckCellar", "cellar"), ("HouseListeners.CheckDoor", "door")]);
    }

    [Theory, MemberData(nameof(All))] // A5
    public async Task The_failure_of_a_listener_that_logs_its_errors_does_not_reach_the_emitter(Way way)
    {
        await using var stage = await Stage.StartAsync(way);

        await stage.DispatchAsync(new LampLit());

        stage.Steps.ShouldBe(["flicker", "shine"]);
    }

    [Theory, MemberData(nameof(All))] // Conformance 131
    public async Task A_background_listener_runs_after_the_dispatch(Way way)
    {
        await using var stage = await Stage.StartAsync(way);
        var seen = new List<string>();
        var left = new GuestLeft(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), seen.Add);

        await stage.DispatchAsync(left);
        seen.ShouldBe(["left"]);
        left.Until.SetResult();
        await stage.Services.GetRequiredService<IBackgroundListeners>().WhenIdleAsync(Cancellation);

        seen.ShouldBe(["left", "remembered"]);
    }

    [Theory, MemberData(nameof(All))] // Conformance 151
    public async Task Results_come_from_values_tasks_and_value_tasks_in_order(Way way)
    {
        await using var stage = await Stage.StartAsync(way);
        await stage.DispatchAsync(new ParcelPriced());

        (await stage.Events.CollectAsync<int>(new ParcelPriced(), Cancellation)).ShouldBe([5, 2, 3]);
        (await stage.Events.CollectAsync<object>(new ParcelPriced(), Cancellation)).ShouldBe([5, 2, "fragile", 3, 0.5m]);
        (await stage.Events.FirstResultAsync<string>(new ParcelPriced(), Cancellation)).ShouldBe("fragile");
        (await stage.Events.CollectByListenerAsync<string>(new ParcelPriced(), Cancellation))
            .ShouldBe([new ListenerResult<string>("ParcelListeners.RemarkAsync", "fragile")]);
    }

    [Theory, MemberData(nameof(All))] // Conformance 49, 51, 148
    public async Task The_first_result_ends_the_dispatch_and_without_listeners_there_is_none(Way way)
    {
        await using var stage = await Stage.StartAsync(way);

        (await stage.Events.FirstResultAsync<string>(new MealOrdered(3), Cancellation)).ShouldBe("dish 3");
        stage.Steps.ShouldBeEmpty();
        (await stage.Events.FirstResultAsync<string>(new MealOrdered(0), Cancellation)).ShouldBe("wine");
        stage.Steps.ShouldBe(["wine"]);
        (await stage.Events.FirstResultAsync<string>(new Version(), Cancellation)).ShouldBeNull();
        (await stage.Events.CollectAsync<string>(new Version(), Cancellation)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(All))] // Conformance 47, 149, 150
    public async Task What_a_listener_returns_neither_stops_a_dispatch_nor_is_it_published(Way way)
    {
        await using var stage = await Stage.StartAsync(way);

        (await stage.Events.CollectAsync<object>(new AlarmRaised(Again: true), Cancellation)).ShouldBe([false, new AlarmRaised(Again: true)]);

        stage.Steps.ShouldBe(["raise", "muted"]);
    }
}
