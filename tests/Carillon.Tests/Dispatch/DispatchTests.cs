using Carillon.Events;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Dispatch;

public sealed class DispatchTests
{
    private static readonly string[] HighestFirst = ["10", "0", "-10"];
    private static readonly string[] AsRegistered = ["first", "second", "third"];
    private static readonly string[] OnlyTheFirst = ["first"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // Conformance 1
    public async Task Listeners_run_highest_priority_first()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e => e.Seen.Add("0"))
            .Listen<SquareDrawn>(e => e.Seen.Add("-10"), options => options.Priority = -10)
            .Listen<SquareDrawn>(e => e.Seen.Add("10"), options => options.Priority = 10));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(HighestFirst);
    }

    [Fact] // Conformance 2
    public async Task Listeners_of_equal_priority_run_as_registered()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e => e.Seen.Add("first"))
            .Listen<ShapeDrawn>(e => e.Seen.Add("second"))
            .Listen<SquareDrawn>(e => e.Seen.Add("third")));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(AsRegistered);
    }

    [Fact] // Conformance 11, 68
    public async Task The_same_instance_reaches_every_listener_and_comes_back()
    {
        var seen = new List<object>();
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e =>
            {
                seen.Add(e);
                e = new SquareDrawn();
            })
            .Listen<SquareDrawn>(seen.Add));
        var drawn = new SquareDrawn();

        var returned = await application.Events.DispatchAsync(drawn, Cancellation);

        returned.ShouldBeSameAs(drawn);
        seen.ShouldAllBe(e => ReferenceEquals(e, drawn));
        seen.Count.ShouldBe(2);
    }

    [Fact] // A2
    public async Task A_listener_of_a_base_class_or_interface_receives_derived_events_once()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<IHasArea>(e => ((ShapeDrawn)e).Seen.Add("interface"))
            .Listen<ShapeDrawn>(e => e.Seen.Add("base"))
            .Listen<object>(e => ((ShapeDrawn)e).Seen.Add("object"))
            .Listen<CircleDrawn>(e => e.Seen.Add("other")));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["interface", "base", "object"]);
    }

    [Theory] // Issue: dispatching through the base type or object reaches the same listeners
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_run_time_type_decides_whatever_the_static_type(bool typedFirst)
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn>(e => e.Seen.Add("square")));
        var drawn = new SquareDrawn();
        if (typedFirst)
        {
            await application.Events.DispatchAsync(drawn, Cancellation);
        }

        await application.Events.DispatchAsync<object>(drawn, Cancellation);
        await application.Events.DispatchAsync<ShapeDrawn>(drawn, Cancellation);
        await application.Events.DispatchAsync<IHasArea>(drawn, Cancellation);
        await application.Events.DispatchObjectAsync(drawn, Cancellation);

        drawn.Seen.Count.ShouldBe(typedFirst ? 5 : 4);
    }

    [Fact] // Conformance 62, and variance of A2
    public async Task A_generic_listener_receives_what_its_type_argument_can_take()
    {
        var seen = new List<string>();
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<Created<SquareDrawn>>(_ => seen.Add("exact"))
            .Listen<ICreated<ShapeDrawn>>(_ => seen.Add("variant")));

        await application.Events.DispatchAsync(new Created<SquareDrawn>(), Cancellation);
        await application.Events.DispatchAsync(new Created<CircleDrawn>(), Cancellation);

        seen.ShouldBe(["exact", "variant", "variant"]);
    }

    [Fact] // Conformance 41
    public async Task No_listener_runs_after_the_event_was_stopped()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<StoppableDrawn>(e =>
            {
                e.Seen.Add("first");
                e.IsPropagationStopped = true;
            })
            .Listen<StoppableDrawn>(e => e.Seen.Add("second")));

        (await application.Events.DispatchAsync(new StoppableDrawn(), Cancellation)).Seen.ShouldBe(OnlyTheFirst);
    }

    [Fact] // Conformance 42
    public async Task No_listener_runs_when_the_event_is_stopped_before_the_dispatch()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<StoppableDrawn>(e => e.Seen.Add("first")));

        (await application.Events.DispatchAsync(new StoppableDrawn { IsPropagationStopped = true }, Cancellation)).Seen.ShouldBeEmpty();
    }

    [Fact] // A4
    public async Task A_listener_can_stop_propagation_through_its_context()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>((e, context, _) =>
            {
                e.Seen.Add("first");
                context.StopPropagation();
                return ValueTask.CompletedTask;
            })
            .Listen<SquareDrawn>(e => e.Seen.Add("second")));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(OnlyTheFirst);
    }

    [Theory] // A5, conformance 129, 133
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_exception_stops_the_rest_and_reaches_the_emitter_unchanged(bool asynchronously)
    {
        var thrown = new InvalidOperationException("no");
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(async (_, _) =>
            {
                if (asynchronously)
                {
                    await Task.Yield();
                }

                throw thrown;
            })
            .Listen<SquareDrawn>(e => e.Seen.Add("second")));
        var drawn = new SquareDrawn();

        var caught = await Should.ThrowAsync<InvalidOperationException>(async () => await application.Events.DispatchAsync(drawn, Cancellation));

        caught.ShouldBeSameAs(thrown);
        drawn.Seen.ShouldBeEmpty();
    }

    [Fact] // A14
    public async Task An_asynchronous_listener_ends_before_the_next_begins()
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(async (e, _) =>
            {
                await go.Task;
                e.Seen.Add("first");
            })
            .Listen<SquareDrawn>(e => e.Seen.Add("second")));
        var drawn = new SquareDrawn();

        var dispatch = application.Events.DispatchAsync(drawn, Cancellation);
        dispatch.IsCompleted.ShouldBeFalse();
        drawn.Seen.ShouldBeEmpty();
        go.SetResult();
        await dispatch;

        drawn.Seen.ShouldBe(["first", "second"]);
    }

    [Fact] // A14
    public async Task The_token_of_the_dispatch_reaches_the_listener()
    {
        var seen = CancellationToken.None;
        using var source = new CancellationTokenSource();
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>((_, token) =>
            {
                seen = token;
                return ValueTask.CompletedTask;
            }));

        await application.Events.DispatchAsync(new SquareDrawn(), source.Token);

        seen.ShouldBe(source.Token);
    }

    [Fact] // Conformance 25
    public async Task An_inner_dispatch_ends_before_the_outer_goes_on()
    {
        var seen = new List<string>();
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(async (_, context, _) =>
            {
                seen.Add("outer 1");
                await context.Dispatcher.DispatchAsync(new CircleDrawn(), Cancellation);
            })
            .Listen<SquareDrawn>(_ => seen.Add("outer 2"))
            .Listen<CircleDrawn>(_ => seen.Add("inner")));

        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);

        seen.ShouldBe(["outer 1", "inner", "outer 2"]);
    }

    [Fact] // A7
    public async Task The_bus_and_the_dispatcher_of_a_scope_are_one_object()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn>(e => e.Seen.Add("seen")));
        var bus = application.Scope.GetRequiredService<IEventBus>();
        bus.ShouldBeSameAs(application.Events);
        var drawn = new SquareDrawn();

        await bus.PublishAsync(drawn, Cancellation);

        drawn.Seen.ShouldBe(["seen"]);
    }

    [Fact]
    public async Task A_struct_can_be_an_event()
    {
        var seen = 0;
        await using var application = await Application.StartAsync(carillon => carillon.Listen<int>(e => seen = e));

        (await application.Events.DispatchAsync(42, Cancellation)).ShouldBe(42);

        seen.ShouldBe(42);
    }

    [Fact]
    public async Task Null_is_refused()
    {
        await using var application = await Application.StartAsync(_ => { });

        await Should.ThrowAsync<ArgumentNullException>(async () => await application.Events.DispatchAsync<SquareDrawn>(null!, Cancellation));
    }

    [Fact] // "AddCarillon alone, with nothing else, works in process"
    public async Task Without_listeners_the_event_comes_back_and_is_named_once_in_the_debug_log()
    {
        await using var application = await Application.StartAsync(_ => { });
        var drawn = new SquareDrawn();

        (await application.Events.DispatchAsync(drawn, Cancellation)).ShouldBeSameAs(drawn);
        await application.Events.DispatchAsync(drawn, Cancellation);

        application.Log.Entries.Count(entry => entry.Id == 1 && entry.Message.Contains(nameof(SquareDrawn), StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact] // A14: synchronous listeners cost no allocation
    public async Task A_dispatch_to_synchronous_listeners_allocates_nothing()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<NumberCounted>(_ => { }).Listen<NumberCounted>(_ => { }));
        var events = application.Events;
        var counted = new NumberCounted(1);
        for (var warmUp = 0; warmUp < 100; warmUp++)
        {
            await events.DispatchAsync(counted, Cancellation);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var dispatch = 0; dispatch < 1000; dispatch++)
        {
            var running = events.DispatchAsync(counted, CancellationToken.None);
            running.IsCompletedSuccessfully.ShouldBeTrueCheaply();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact] // Conformance 125
    public async Task Two_applications_in_one_process_do_not_share_listeners()
    {
        await using var one = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn>(e => e.Seen.Add("one")));
        await using var other = await Application.StartAsync(carillon => carillon.Listen<SquareDrawn>(e => e.Seen.Add("other")));

        (await one.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["one"]);
        (await other.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["other"]);
    }

    [Fact] // Conformance 102
    public async Task Further_providers_follow_the_built_in_one_in_their_own_order()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .AddProvider<BackwardsProvider>()
            .Listen<SquareDrawn>(e => e.Seen.Add("built in"), options => options.Priority = -1));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["built in", "2", "1"]);
    }

    private sealed class BackwardsProvider : IListenerProvider
    {
        public event Action? Changed
        {
            add { }
            remove { }
        }

        public IEnumerable<Listener> GetListeners(EventType eventType) => [Of("2"), Of("1")];

        private static Listener Of(string name) => new(name, typeof(ShapeDrawn), (object @event, in ListenerCall _) =>
        {
            ((ShapeDrawn)@event).Seen.Add(name);
            return ValueTask.CompletedTask;
        });
    }
}
