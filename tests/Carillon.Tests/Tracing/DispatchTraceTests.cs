using Carillon.Testing;
using Carillon.Tests.Generated;
using Carillon.Tracing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Tracing;

public sealed class DispatchTraceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // Conformance 36, 39
    public async Task Called_and_not_called_listeners_are_listed_with_their_priority_and_who_stopped_the_rest()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .UseTracing()
            .Listen<StoppableDrawn>(_ => { }, options => (options.Id, options.Priority) = ("first", 10))
            .Listen<StoppableDrawn>(e => e.IsPropagationStopped = true, options => (options.Id, options.Priority) = ("stopper", 5))
            .Listen<StoppableDrawn>(_ => { }, options => options.Id = "last"));

        await application.Events.DispatchAsync(new StoppableDrawn(), Cancellation);

        var dispatch = Trace(application).Dispatches.ShouldHaveSingleItem();
        dispatch.EventName.ShouldBe("stoppable.drawn");
        dispatch.EventType.ShouldBe(typeof(StoppableDrawn));
        dispatch.Called.ShouldBe([new TracedListener("first", 10, Delivery.Inline), new TracedListener("stopper", 5, Delivery.Inline)]);
        dispatch.NotCalled.ShouldBe([new TracedListener("last", 0, Delivery.Inline)]);
        dispatch.StoppedBy.ShouldBe("stopper");
        dispatch.Exception.ShouldBeNull();
        application.Log.Entries.Single(entry => entry.Id == 16).ShouldSatisfyAllConditions(
            entry => entry.Level.ShouldBe(LogLevel.Debug),
            entry => entry.Message.ShouldBe("stoppable.drawn called [first 10, stopper 5]; not called [last 0]; stopped by stopper."));
    }

    [Fact] // Conformance 37
    public async Task An_event_without_listeners_is_an_orphan()
    {
        await using var application = await Application.StartAsync(carillon => carillon.UseTracing().Listen<CircleDrawn>(_ => { }));

        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);
        await application.Events.DispatchObjectAsync(new SquareDrawn(), Cancellation);
        await application.Events.DispatchAsync(new CircleDrawn(), Cancellation);

        Trace(application).Orphans.ShouldBe(["square.drawn"]);
        Trace(application).Dispatches.Select(dispatch => dispatch.IsOrphan).ShouldBe([true, true, false]);
    }

    [Fact]
    public async Task A_stop_by_the_context_is_seen_and_so_are_durable_listeners_on_both_sides_of_it()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .UseTracing()
            .UseInMemory()
            .RunDeliveriesByHand()
            .Listen<NumberCounted>(_ => { }, options => (options.Id, options.Priority, options.Delivery) = ("before", 2, Delivery.Durable))
            .Listen<NumberCounted>(
                (_, context, _) =>
                {
                    context.StopPropagation();
                    return ValueTask.CompletedTask;
                },
                options => (options.Id, options.Priority) = ("stopper", 1))
            .Listen<NumberCounted>(_ => { }, options => (options.Id, options.Delivery) = ("after", Delivery.Durable)));

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        var dispatch = Trace(application).Dispatches.ShouldHaveSingleItem();
        dispatch.Called.Select(listener => listener.Id).ShouldBe(["before", "stopper"]);
        dispatch.NotCalled.Select(listener => listener.Id).ShouldBe(["after"]);
        dispatch.StoppedBy.ShouldBe("stopper");
    }

    [Fact]
    public async Task What_failed_is_kept_with_the_exception_and_nested_dispatches_are_kept_apart()
    {
        var thrown = new InvalidOperationException();
        await using var application = await Application.StartAsync(carillon => carillon
            .UseTracing()
            .Listen<SquareDrawn>(async (_, context, ct) => await context.Dispatcher.DispatchAsync(new CircleDrawn(), ct), options => options.Id = "outer")
            .Listen<SquareDrawn>(_ => throw thrown, options => options.Id = "failing")
            .Listen<SquareDrawn>(_ => { }, options => options.Id = "last")
            .Listen<CircleDrawn>(_ => { }, options => options.Id = "inner"));

        await Should.ThrowAsync<InvalidOperationException>(async () => await application.Events.DispatchAsync(new SquareDrawn(), Cancellation));

        var dispatches = Trace(application).Dispatches;
        dispatches.Select(dispatch => string.Join(",", dispatch.Called.Select(listener => listener.Id))).ShouldBe(["inner", "outer,failing"]);
        dispatches[1].NotCalled.ShouldHaveSingleItem().Id.ShouldBe("last");
        dispatches[1].Exception.ShouldBeSameAs(thrown);
        dispatches[1].StoppedBy.ShouldBeNull();
    }

    [Fact]
    public async Task Middleware_that_leaves_listeners_out_is_seen()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .UseTracing()
            .Listen<SquareDrawn>(_ => { }, options => options.Id = "left out")
            .Listen<SquareDrawn>(_ => { }, options => options.Id = "called")
            .Listen<CircleDrawn>(_ => { })
            .UseListenerMiddleware((_, next, ct) => next.Listener.Id == "left out" ? ValueTask.CompletedTask : next.InvokeAsync(ct))
            .UseMiddleware<CircleDrawn>((_, _, _) => ValueTask.CompletedTask));

        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);
        await application.Events.DispatchAsync(new CircleDrawn(), Cancellation);

        Trace(application).Dispatches.Select(dispatch => (dispatch.Called.Count, dispatch.NotCalled.Count)).ShouldBe([(1, 1), (0, 1)]);
    }

    [Fact] // Conformance 186
    public async Task No_listener_is_made_for_it()
    {
        await using var application = await Application.StartAsync(
            carillon => carillon
                .UseTracing()
                .Listen<StoppableDrawn>(e => e.IsPropagationStopped = true)
                .AddListener<NeverMade, StoppableDrawn>(options => options.Priority = -1));

        await application.Events.DispatchAsync(new StoppableDrawn(), Cancellation);

        Trace(application).Dispatches.ShouldHaveSingleItem().NotCalled.ShouldHaveSingleItem().Id.ShouldBe(nameof(NeverMade));
    }

    [Fact]
    public async Task Generated_listeners_are_traced_and_only_so_many_dispatches_are_kept()
    {
        await using var application = await TrafficApplication.StartAsync(carillon => carillon.UseTracing(capacity: 2));

        for (var times = 0; times < 3; times++)
        {
            await application.Events.DispatchAsync(new CarParked([]), Cancellation);
        }

        Trace(application).Dispatches.Count.ShouldBe(2);
        Trace(application).Dispatches[0].Called.Select(listener => listener.Priority).ShouldBe([10, 0, -1, -2]);
        Trace(application).Clear();
        Trace(application).Dispatches.ShouldBeEmpty();
    }

    private static IDispatchTrace Trace(Application application) => application.Services.GetRequiredService<IDispatchTrace>();

    private sealed class NeverMade : IListener<StoppableDrawn>
    {
        public NeverMade() => throw new InvalidOperationException("It was made.");

        public ValueTask HandleAsync(StoppableDrawn @event, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
