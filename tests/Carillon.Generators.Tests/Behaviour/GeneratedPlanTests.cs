using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Generators.Tests.Behaviour;

/// <summary>A plan and an array of invokers must be the same to everybody but a clock (conformance 108).</summary>
public sealed class GeneratedPlanTests
{
    public static TheoryData<bool> WithAndWithoutPlan => [true, false];

    [Theory, MemberData(nameof(WithAndWithoutPlan))]
    public Task Listeners_run_by_priority_then_as_they_are_declared(bool plan) =>
        AssertTrailAsync(new OrderPlaced(), plan, "critical, by its base class", "high", "placed", "last, by its interface");

    [Theory, MemberData(nameof(WithAndWithoutPlan))]
    public Task A_listener_begins_when_the_one_before_it_has_finished(bool plan) =>
        AssertTrailAsync(
            new OrderPaid(), plan, "critical, by its base class", "task", "value task of int", "int", "value task that has completed", "value task", "last, by its interface");

    [Theory, MemberData(nameof(WithAndWithoutPlan))]
    public Task Dependencies_come_from_the_dispatch_and_from_the_container(bool plan) =>
        AssertTrailAsync(new OrderSent(), plan, "True True sky no red no version Friday");

    [Theory, MemberData(nameof(WithAndWithoutPlan))]
    public Task A_struct_reaches_listeners_by_value_and_by_reference(bool plan) => AssertTrailAsync(new OrderMoved(7), plan, "in 7", "by value 7");

    [Theory]
    [InlineData(0, true)]
    [InlineData(0, false)]
    [InlineData(1, true, "first")]
    [InlineData(1, false, "first")]
    [InlineData(2, true, "first", "second")]
    [InlineData(2, false, "first", "second")]
    [InlineData(3, true, "first", "second", "third")]
    [InlineData(3, false, "first", "second", "third")]
    [InlineData(4, true, "first", "second", "third", "fourth")]
    [InlineData(4, false, "first", "second", "third", "fourth")]
    public Task No_listener_runs_once_the_event_is_stopped(int limit, bool plan, params string[] steps) => AssertTrailAsync(new OrderQuestion(limit), plan, steps);

    [Theory, MemberData(nameof(WithAndWithoutPlan))]
    public Task A_listener_of_a_covariant_interface_takes_a_more_derived_event(bool plan) => AssertTrailAsync(new Saved<string>(), plan, "text", "object");

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task An_exception_reaches_the_emitter_and_ends_the_dispatch(bool later, bool plan)
    {
        await using var services = CreateServices();
        await using var scope = services.CreateAsyncScope();
        using var registration = plan ? null : AddAtRunTime<OrderFailed>(services);

        var exception = await Should.ThrowAsync<TimeoutException>(() => DispatchAsync(scope, new OrderFailed(later)));

        exception.Message.ShouldBe("The order failed.");
        scope.ServiceProvider.GetRequiredService<Trail>().Steps.ShouldBe(["failing"]);
    }

    [Theory, MemberData(nameof(WithAndWithoutPlan))] // Conformance 15, 20
    public Task A_listener_that_names_another_moves_to_it(bool plan) =>
        AssertTrailAsync(new ParcelPacked(), plan, "check", "weigh", "label, asynchronously", "label", "ship");

    [Theory, MemberData(nameof(WithAndWithoutPlan))] // Conformance 52
    public Task Behind_a_listener_that_stops_the_rest_nobody_runs(bool plan) => AssertTrailAsync(new ParcelSealed(Fails: false), plan, "seal");

    [Theory, MemberData(nameof(WithAndWithoutPlan))] // Conformance 52
    public async Task The_exception_of_a_listener_that_would_stop_the_rest_wins(bool plan)
    {
        await using var services = CreateServices();
        await using var scope = services.CreateAsyncScope();
        using var registration = plan ? null : AddAtRunTime<ParcelSealed>(services);

        (await Should.ThrowAsync<TimeoutException>(() => DispatchAsync(scope, new ParcelSealed(Fails: true)))).Message.ShouldBe("The seal broke.");

        scope.ServiceProvider.GetRequiredService<Trail>().Steps.ShouldBe(["seal"]);
    }

    [Theory, MemberData(nameof(WithAndWithoutPlan))] // Conformance 151
    public async Task Results_come_from_values_tasks_and_value_tasks_in_order(bool plan)
    {
        await using var services = CreateServices();
        await using var scope = services.CreateAsyncScope();
        using var registration = plan ? null : AddAtRunTime<ParcelPriced>(services);
        var events = scope.ServiceProvider.GetRequiredService<IEventDispatcher>();
        await events.DispatchAsync(new ParcelPriced(), TestContext.Current.CancellationToken);

        (await events.CollectAsync<int>(new ParcelPriced(), TestContext.Current.CancellationToken)).ShouldBe([5, 2, 3]);
        (await events.CollectAsync<object>(new ParcelPriced(), TestContext.Current.CancellationToken)).ShouldBe([5, 2, "fragile", 3, 0.5m]);
        (await events.FirstResultAsync<string>(new ParcelPriced(), TestContext.Current.CancellationToken)).ShouldBe("fragile");
        (await events.CollectByListenerAsync<string>(new ParcelPriced(), TestContext.Current.CancellationToken))
            .ShouldBe([new ListenerResult<string>("ParcelListeners.RemarkAsync", "fragile")]);
    }

    [Fact]
    public async Task Listeners_that_are_added_twice_run_once()
    {
        await using var services = CreateServices(carillon => carillon.AddListeners());
        await using var scope = services.CreateAsyncScope();

        await DispatchAsync(scope, new OrderSent());

        scope.ServiceProvider.GetRequiredService<Trail>().Steps.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_scoped_listener_is_resolved_from_the_scope_of_each_dispatch()
    {
        await using var services = CreateServices();
        await using var first = services.CreateAsyncScope();
        await using var second = services.CreateAsyncScope();

        await DispatchAsync(first, new OrderPlaced());
        await DispatchAsync(second, new OrderPlaced());

        first.ServiceProvider.GetRequiredService<Trail>().Steps.Count.ShouldBe(4);
        second.ServiceProvider.GetRequiredService<Trail>().Steps.Count.ShouldBe(4);
    }

    private static async Task AssertTrailAsync<TEvent>(TEvent @event, bool plan, params string[] steps)
        where TEvent : notnull
    {
        await using var services = CreateServices();
        await using var scope = services.CreateAsyncScope();
        using var registration = plan ? null : AddAtRunTime<TEvent>(services);

        await DispatchAsync(scope, @event);

        var trail = scope.ServiceProvider.GetRequiredService<Trail>();
        trail.Steps.ShouldBe(steps);
        trail.BeganInPlan.ShouldBe(plan && steps.Length > 0);
    }

    private static async Task DispatchAsync<TEvent>(AsyncServiceScope scope, TEvent @event)
        where TEvent : notnull =>
        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(@event, TestContext.Current.CancellationToken);

    // A listener that the generator has not seen takes the plan out of use.
    private static IDisposable AddAtRunTime<TEvent>(IServiceProvider services)
        where TEvent : notnull =>
        services.GetRequiredService<IListenerRegistry>().Listen<TEvent>(_ => { }, priority: int.MinValue);

    private static ServiceProvider CreateServices(Action<CarillonBuilder>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddScoped<Trail>();
        services.AddKeyedSingleton("blue", "sky");
        services.AddCarillon(carillon => carillon.AddListeners());
        services.AddCarillon(configure);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
    }
}
