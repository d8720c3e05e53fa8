using Carillon.Listeners;
using Carillon.Middleware;
using Carillon.Testing;
using Carillon.Tests.Generated;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Middleware;

/// <summary>A13: code around each listener.</summary>
public sealed class ListenerMiddlewareTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_surrounds_each_listener_and_knows_which()
    {
        var trail = new List<string>();
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(_ => trail.Add("A"), options => options.Id = "a")
            .Listen<SquareDrawn>(_ => trail.Add("B"), options => (options.Id, options.Priority) = ("b", 5))
            .UseListenerMiddleware(Around(trail, "outer"))
            .UseListenerMiddleware(Around(trail, "inner"), options => options.For<IHasArea>()));

        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);
        await application.Events.DispatchAsync(new CircleDrawn(), Cancellation);

        trail.ShouldBe(
        [
            "outer b 5 square.drawn 1", "inner b 5 square.drawn 1", "B", "inner b done", "outer b done",
            "outer a 0 square.drawn 1", "inner a 0 square.drawn 1", "A", "inner a done", "outer a done",
        ]);
    }

    [Fact]
    public async Task Generated_listeners_have_it_too()
    {
        var ids = new List<string>();
        await using var application = await TrafficApplication.StartAsync(carillon => carillon.UseListenerMiddleware((_, next, ct) =>
        {
            ids.Add(next.Listener.Id);
            return next.InvokeAsync(ct);
        }));

        var parked = await application.Events.DispatchAsync(new CarParked([]), Cancellation);

        parked.Seen.ShouldBe(["first", "second", "third", "fourth red True"]);
        ids.Count.ShouldBe(4);
    }

    [Fact]
    public async Task One_that_does_not_call_next_leaves_out_that_listener_alone()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e => e.Seen.Add("a"), options => options.Id = "a")
            .Listen<SquareDrawn>(e => e.Seen.Add("b"), options => options.Id = "b")
            .UseListenerMiddleware((_, next, ct) => next.Listener.Id == "a" ? ValueTask.CompletedTask : next.InvokeAsync(ct)));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["b"]);
    }

    [Fact]
    public async Task Its_services_are_those_of_the_scope_of_the_listener()
    {
        IServiceProvider? seen = null;
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(_ => { })
            .UseListenerMiddleware((_, next, ct) =>
            {
                seen = next.Services;
                return next.InvokeAsync(ct);
            }));

        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);

        seen!.GetRequiredService<IEventDispatcher>().ShouldBeSameAs(application.Events);
    }

    [Fact]
    public async Task It_surrounds_each_attempt_of_a_durable_listener_and_its_exception_is_a_failed_attempt()
    {
        var trail = new List<string>();
        await using var application = await Application.StartAsync(carillon => carillon
            .UseInMemory()
            .RunDeliveriesByHand()
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero)
            .Listen<NumberCounted>(_ => trail.Add("run"), options => (options.Delivery, options.Id) = (Delivery.Durable, "durable"))
            .UseListenerMiddleware((_, next, ct) =>
            {
                trail.Add($"{next.Listener.Id} {next.EventName} {next.Attempt}");
                return next.Attempt == 1 ? throw new TimeoutException() : next.InvokeAsync(ct);
            }));

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        trail.ShouldBe(["durable number.counted 1", "durable number.counted 2", "run"]);
    }

    [Fact]
    public async Task A_listener_that_is_added_while_the_application_runs_has_it()
    {
        var ids = new List<string>();
        await using var application = await Application.StartAsync(carillon => carillon.UseListenerMiddleware((_, next, ct) =>
        {
            ids.Add(next.EventName);
            return next.InvokeAsync(ct);
        }));
        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);
        using var _ = application.Services.GetRequiredService<IListenerRegistry>().Listen<SquareDrawn>(_ => { });

        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);

        ids.ShouldBe(["square.drawn"]);
    }

    private static Func<object, ListenerNext, CancellationToken, ValueTask> Around(List<string> trail, string name) => async (_, next, ct) =>
    {
        trail.Add($"{name} {next.Listener.Id} {next.Listener.Priority} {next.EventName} {next.Attempt}");
        await next.InvokeAsync(ct);
        trail.Add($"{name} {next.Listener.Id} done");
    };
}
