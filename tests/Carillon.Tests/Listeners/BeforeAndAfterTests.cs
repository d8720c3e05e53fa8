using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Listeners;

public sealed class BeforeAndAfterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // Conformance 15: the target is registered later
    public async Task A_listener_comes_before_one_that_is_registered_later_and_has_a_higher_priority()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e => e.Seen.Add("check"), options => options.Before = ["save"])
            .Listen<SquareDrawn>(e => e.Seen.Add("save"), options => (options.Id, options.Priority) = ("save", EventPriority.High)));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["check", "save"]);
    }

    [Fact] // Conformance 20: a class without an id is named by its type
    public async Task A_listener_comes_after_a_class_by_its_natural_id()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e => e.Seen.Add("after"), options => (options.Priority, options.After) = (10, [nameof(SquareSaver)]))
            .AddListener<SquareSaver, SquareDrawn>());

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["saver", "after"]);
    }

    [Fact]
    public async Task A_class_comes_before_a_listener_of_its_base_class()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<ShapeDrawn>(e => e.Seen.Add("base"), options => options.Id = "base")
            .AddListener<SquareSaver, SquareDrawn>(options => options.Before = ["base"]));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["saver", "base"]);
        (await application.Events.DispatchAsync(new CircleDrawn(), Cancellation)).Seen.ShouldBe(["base"]);
    }

    [Fact]
    public async Task A_target_that_takes_another_event_has_no_effect()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e => e.Seen.Add("one"), options => options.After = ["circle"])
            .Listen<SquareDrawn>(e => e.Seen.Add("two"))
            .Listen<CircleDrawn>(_ => { }, options => options.Id = "circle"));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["one", "two"]);
    }

    [Fact] // A3: cycles are found at start
    public async Task A_circle_stops_the_start_and_is_printed_as_a_path()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(_ => { }, options => (options.Id, options.Before) = ("one", ["two"]))
            .Listen<SquareDrawn>(_ => { }, options => (options.Id, options.Before) = ("two", ["three"]))
            .Listen<CircleDrawn>(_ => { }, options => (options.Id, options.Before) = ("three", ["one"]))));

        error.Problems.ShouldHaveSingleItem().ShouldBe(
            "These listeners must each come before the next one: 'two' -> 'three' -> 'one' -> 'two'. Nothing can be called in this order: take away one of their "
            + "Before or After.");
    }

    [Fact]
    public async Task An_id_that_no_listener_has_stops_the_start_and_near_ones_are_named()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(_ => { }, options => (options.Id, options.Before) = ("one", ["SquareSavre"]))
            .Listen<SquareDrawn>(_ => { }, options => (options.Id, options.After) = ("two", ["something else"]))
            .AddListener<SquareSaver, SquareDrawn>()));

        error.Problems.ShouldBe(
        [
            "The listener 'one' of 'Carillon.Tests.SquareDrawn' comes before 'SquareSavre', but no listener has this id. Did you mean 'SquareSaver'?",
            "The listener 'two' of 'Carillon.Tests.SquareDrawn' comes after 'something else', but no listener has this id. Name one that is there: a method is "
            + "called by its type and its own name, 'OrderListeners.Audit'.",
        ]);
    }

    [Fact]
    public async Task A_listener_that_needs_nothing_is_checked_as_well()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(
            () => Application.StartAsync(carillon => carillon.AddListener(Note("one", after: ["nobody"]))));

        error.Problems.ShouldHaveSingleItem().ShouldContain("comes after 'nobody'");
    }

    [Fact]
    public async Task At_run_time_a_listener_may_name_one_that_comes_later()
    {
        await using var application = await Application.StartAsync(_ => { });
        var registry = application.Services.GetRequiredService<IListenerRegistry>();

        registry.Add(Note("late", after: ["early"]));
        registry.Add(Note("other"));
        using (registry.Add(Note("early")))
        {
            (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["other", "early", "late"]);
        }

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["late", "other"]);
    }

    [Fact]
    public async Task At_run_time_a_listener_that_would_close_a_circle_is_refused_and_nothing_changes()
    {
        await using var application = await Application.StartAsync(_ => { });
        var registry = application.Services.GetRequiredService<IListenerRegistry>();
        registry.Add(Note("one", after: ["two"]));

        var error = Should.Throw<CarillonException>(() => registry.Add(Note("two", after: ["one"])));

        error.Message.ShouldStartWith("The listener 'two' was not added. These listeners must each come before the next one: ");
        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["one"]);
        registry.Add(Note("two"));
        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["two", "one"]);
    }

    [Fact]
    public async Task Without_a_host_a_circle_is_said_at_the_first_dispatch()
    {
        var services = new ServiceCollection();
        services.AddCarillon(carillon => carillon.Listen<SquareDrawn>(_ => { }, options => (options.Id, options.Before) = ("one", ["one"])));
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();

        var error = await Should.ThrowAsync<CarillonException>(
            async () => await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new SquareDrawn(), Cancellation));

        error.Message.ShouldContain("'one' -> 'one'");
    }

    private static Listener Note(string id, string[]? after = null) =>
        new(id, typeof(SquareDrawn), (object @event, in ListenerCall _) =>
        {
            ((SquareDrawn)@event).Seen.Add(id);
            return ValueTask.CompletedTask;
        })
        {
            After = after ?? [],
        };

    private sealed class SquareSaver : IListener<SquareDrawn>
    {
        public ValueTask HandleAsync(SquareDrawn @event, CancellationToken cancellationToken)
        {
            @event.Seen.Add("saver");
            return ValueTask.CompletedTask;
        }
    }
}
