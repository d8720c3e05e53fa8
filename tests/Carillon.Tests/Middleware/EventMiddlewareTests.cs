using Carillon.Middleware;
using Carillon.Testing;
using Carillon.Tests.Generated;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Middleware;

/// <summary>A13: code around dispatches.</summary>
public sealed class EventMiddlewareTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_that_is_added_is_the_outermost()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e => e.Seen.Add("listener"))
            .UseMiddleware<SquareDrawn>(Around("outer"))
            .UseMiddleware<SquareDrawn>(Around("inner")));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen
            .ShouldBe(["outer before", "inner before", "listener", "inner after", "outer after"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_events_that_can_be_assigned_to_the_type_meet_it(bool asObject)
    {
        var names = new List<string>();
        await using var application = await Application.StartAsync(carillon => carillon.UseMiddleware(
            (_, next, ct) =>
            {
                names.Add(next.EventName);
                return next.InvokeAsync(ct);
            },
            options => options.For<IHasArea>().For<NumberCounted>()));

        foreach (var @event in new object[] { new SquareDrawn(), new CircleDrawn(), new NumberCounted(1) })
        {
            await (asObject ? application.Events.DispatchObjectAsync(@event, Cancellation) : DispatchTypedAsync(application.Events, @event));
        }

        names.ShouldBe(["square.drawn", "number.counted"]);
    }

    [Fact] // The container locks a singleton while it makes it: who waits for the one must not hold what the other needs
    public async Task A_singleton_that_dispatches_while_it_is_made_does_not_hold_up_a_dispatch_whose_middleware_needs_it()
    {
        using var isMade = new ManualResetEventSlim();
        using var isNeeded = new ManualResetEventSlim();
        await using var application = await Application.StartAsync(
            carillon => carillon.UseMiddleware<Needing>(options => options.For<SquareDrawn>()).UseMiddleware<Other>(options => options.For<NumberCounted>()),
            services => services
                .AddSingleton(provider =>
                {
                    isMade.Set();
                    isNeeded.Wait(Cancellation);
                    provider.GetRequiredService<IEventDispatcherFactory>().DispatchInNewScopeAsync(new NumberCounted(1), Cancellation).AsTask().GetAwaiter().GetResult();
                    return new Dispatching();
                })
                .AddSingleton(provider =>
                {
                    isNeeded.Set();
                    return new Needing(provider.GetRequiredService<Dispatching>());
                }));

        var making = OnThreadOfItsOwn(() => application.Services.GetRequiredService<Dispatching>());
        isMade.Wait(Cancellation);
        var dispatching = OnThreadOfItsOwn(() => application.Events.DispatchAsync(new SquareDrawn(), Cancellation).AsTask().GetAwaiter().GetResult());

        await Task.WhenAll(making, dispatching).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task An_event_to_which_nobody_listens_meets_it_too()
    {
        var met = 0;
        await using var application = await Application.StartAsync(carillon => carillon.UseMiddleware((_, next, ct) =>
        {
            met++;
            return next.InvokeAsync(ct);
        }));

        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);

        met.ShouldBe(1);
    }

    [Fact]
    public async Task One_that_does_not_call_next_leaves_out_every_listener_the_durable_ones_included()
    {
        var seen = new List<int>();
        await using var application = await Application.StartAsync(carillon => carillon
            .UseInMemory()
            .RunDeliveriesByHand()
            .Listen<NumberCounted>(e => seen.Add(e.Number))
            .Listen<NumberCounted>(e => seen.Add(-e.Number), options => (options.Delivery, options.Id) = (Delivery.Durable, "durable"))
            .UseMiddleware<NumberCounted>((e, next, ct) => e.Number == 1 ? ValueTask.CompletedTask : next.InvokeAsync(ct)));

        var counted = new NumberCounted(1);
        (await application.Events.DispatchAsync(counted, Cancellation)).ShouldBeSameAs(counted);
        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe([2, -2]);
    }

    [Fact]
    public async Task One_that_calls_next_again_runs_the_listeners_again()
    {
        var calls = 0;
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(e =>
            {
                e.Seen.Add("call");
                if (++calls == 1)
                {
                    throw new TimeoutException();
                }
            })
            .UseMiddleware<SquareDrawn>(async (_, next, ct) =>
            {
                try
                {
                    await next.InvokeAsync(ct);
                }
                catch (TimeoutException)
                {
                    await next.InvokeAsync(ct);
                }
            }));

        (await application.Events.DispatchAsync(new SquareDrawn(), Cancellation)).Seen.ShouldBe(["call", "call"]);
    }

    [Fact]
    public async Task Its_token_reaches_the_listeners()
    {
        using var other = new CancellationTokenSource();
        var seen = CancellationToken.None;
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>((_, ct) =>
            {
                seen = ct;
                return ValueTask.CompletedTask;
            })
            .UseMiddleware<SquareDrawn>((_, next, _) => next.InvokeAsync(other.Token)));

        await application.Events.DispatchAsync(new SquareDrawn(), Cancellation);

        seen.ShouldBe(other.Token);
    }

    [Fact]
    public async Task A_listener_that_is_not_done_at_once_is_inside()
    {
        var gate = new TaskCompletionSource();
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<SquareDrawn>(async (e, _) =>
            {
                await gate.Task;
                e.Seen.Add("listener");
            })
            .UseMiddleware<SquareDrawn>(Around("m")));
        var drawn = new SquareDrawn();

        var running = application.Events.DispatchAsync(drawn, Cancellation);
        drawn.Seen.ShouldBe(["m before"]);
        gate.SetResult();

        (await running).ShouldBeSameAs(drawn);
        drawn.Seen.ShouldBe(["m before", "listener", "m after"]);
    }

    [Fact]
    public async Task A_dispatch_for_results_meets_it_as_any_other()
    {
        var trail = new List<string>();
        await using var application = await Application.StartAsync(carillon => carillon
            .UseTracing()
            .ConfigureDispatch(options => options.MaxChainDepth = 2)
            .Listen<SquareDrawn, string>(_ => "result", options => options.Id = "giving")
            .UseListenerMiddleware(async (_, next, ct) =>
            {
                trail.Add(next.Listener.Id);
                await next.InvokeAsync(ct);
            })
            .UseMiddleware<SquareDrawn>(async (e, next, ct) =>
            {
                trail.Add("dispatch");
                await next.InvokeAsync(ct);
            }));

        for (var times = 0; times < 3; times++)
        {
            (await application.Events.CollectAsync<string>(new SquareDrawn(), Cancellation)).ShouldBe(["result"]);
        }

        trail.ShouldBe(["dispatch", "giving", "dispatch", "giving", "dispatch", "giving"]);
        var traced = application.Services.GetRequiredService<Carillon.Tracing.IDispatchTrace>().Dispatches;
        traced.Count.ShouldBe(3);
        traced.ShouldAllBe(dispatch => dispatch.Called.Count == 1);
    }

    [Fact]
    public async Task A_singleton_is_made_once_and_a_scoped_one_for_each_scope()
    {
        await using var application = await Application.StartAsync(
            carillon => carillon.UseMiddleware<Once>().UseMiddleware<PerScope>(),
            services => services.AddScoped<PerScope>().AddSingleton<Made>());
        var made = application.Services.GetRequiredService<Made>();

        for (var scope = 0; scope < 2; scope++)
        {
            await using var another = application.Services.CreateAsyncScope();
            var events = another.ServiceProvider.GetRequiredService<IEventDispatcher>();
            await events.DispatchAsync(new SquareDrawn(), Cancellation);
            await events.DispatchAsync(new CircleDrawn(), Cancellation);
        }

        made.Names.ShouldBe(["once", "per scope", "per scope"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_struct_keeps_what_its_listeners_and_middleware_see()
    {
        var seen = 0;
        await using var application = await TrafficApplication.StartAsync(carillon => carillon.UseMiddleware<LightChanged>((e, next, ct) =>
        {
            seen = e.Seconds;
            return next.InvokeAsync(ct);
        }));

        (await application.Events.DispatchAsync(new LightChanged(3), Cancellation)).Seconds.ShouldBe(3);
        await application.Events.DispatchObjectAsync(new LightChanged(4), Cancellation);

        seen.ShouldBe(4);
        application.Services.GetRequiredService<Ledger>().Seconds.ShouldBe(7);
    }

    [Fact] // The target of the speed page: 0 bytes
    public async Task A_dispatch_through_a_singleton_that_completes_at_once_allocates_nothing()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .Listen<StoppableDrawn>(_ => { })
            .UseMiddleware<Passing>(options => options.For<StoppableDrawn>())
            .UseListenerMiddleware<Passing>());
        var events = application.Events;
        var drawn = new StoppableDrawn();
        await events.DispatchAsync(drawn, Cancellation);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < 100; index++)
        {
            var running = events.DispatchAsync(drawn, CancellationToken.None);
            running.IsCompletedSuccessfully.ShouldBeTrueCheaply();
            await running;
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public async Task What_the_container_cannot_make_stops_the_start()
    {
        var refused = await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(carillon => carillon.UseMiddleware<Lacking>()));

        refused.Problems.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            problem => problem.ShouldContain(nameof(Lacking)),
            problem => problem.ShouldContain(nameof(Made)),
            problem => problem.ShouldContain("Add it to the services"));
    }

    [Fact]
    public async Task A_singleton_that_takes_something_of_a_scope_stops_the_start()
    {
        var refused = await Should.ThrowAsync<CarillonConfigurationException>(
            () => Application.StartAsync(carillon => carillon.UseMiddleware<Lacking>(), services => services.AddScoped<Made>()));

        refused.Problems.ShouldHaveSingleItem().ShouldContain("services.AddScoped<Lacking>()");
    }

    private static Func<SquareDrawn, EventNext, CancellationToken, ValueTask> Around(string name) => async (e, next, ct) =>
    {
        e.Seen.Add($"{name} before");
        await next.InvokeAsync(ct);
        e.Seen.Add($"{name} after");
    };

    private static async ValueTask DispatchTypedAsync(IEventDispatcher events, object @event)
    {
        switch (@event)
        {
            case SquareDrawn square:
                await events.DispatchAsync(square, Cancellation);
                break;
            case CircleDrawn circle:
                await events.DispatchAsync(circle, Cancellation);
                break;
            case NumberCounted number:
                await events.DispatchAsync(number, Cancellation);
                break;
        }
    }

    private sealed class Made
    {
        public List<string> Names { get; } = [];
    }

    private sealed class Once : IEventMiddleware
    {
        public Once(Made made) => made.Names.Add("once");

        public ValueTask InvokeAsync(object @event, EventNext next, CancellationToken cancellationToken) => next.InvokeAsync(cancellationToken);
    }

    private sealed class PerScope : IEventMiddleware
    {
        public PerScope(Made made) => made.Names.Add("per scope");

        public ValueTask InvokeAsync(object @event, EventNext next, CancellationToken cancellationToken) => next.InvokeAsync(cancellationToken);
    }

    private sealed class Passing : IEventMiddleware, IListenerMiddleware
    {
        public ValueTask InvokeAsync(object @event, EventNext next, CancellationToken cancellationToken) => next.InvokeAsync(cancellationToken);

        public ValueTask InvokeAsync(object @event, ListenerNext next, CancellationToken cancellationToken) => next.InvokeAsync(cancellationToken);
    }

    private sealed class Lacking(Made made) : IEventMiddleware
    {
        public ValueTask InvokeAsync(object @event, EventNext next, CancellationToken cancellationToken)
        {
            made.Names.Add("called");
            return next.InvokeAsync(cancellationToken);
        }
    }

    private static Task OnThreadOfItsOwn(Action run) => Task.Factory.StartNew(run, Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class Dispatching;

    private sealed class Needing(Dispatching dispatching) : IEventMiddleware
    {
        public ValueTask InvokeAsync(object @event, EventNext next, CancellationToken cancellationToken)
        {
            _ = dispatching;
            return next.InvokeAsync(cancellationToken);
        }
    }

    private sealed class Other : IEventMiddleware
    {
        public ValueTask InvokeAsync(object @event, EventNext next, CancellationToken cancellationToken) => next.InvokeAsync(cancellationToken);
    }
}
