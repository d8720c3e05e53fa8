using Carillon.Dispatch;
using Carillon.Dispatch.Internal;
using Carillon.Tests.Generated;
using Microsoft.Extensions.DependencyInjection;

// Circles are what is tested here.
#pragma warning disable CARILLON016

namespace Carillon.Tests.Dispatch;

internal sealed record LoopBegun;

internal sealed record LoopTurned;

/// <summary>A12 at run time: a dispatch inside a listener is a link of a chain, which ends.</summary>
public sealed class ChainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chain_that_comes_back_to_itself_is_refused_with_all_its_links(bool asynchronously)
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .ConfigureDispatch(options => options.MaxChainDepth = 5)
            .Listen<LoopBegun>(
                async (_, context, ct) =>
                {
                    await YieldAsync(asynchronously);
                    await context.Dispatcher.DispatchAsync(new LoopTurned(), ct);
                },
                options => options.Id = "round")
            .Listen<LoopTurned>(
                async (_, context, ct) =>
                {
                    await YieldAsync(asynchronously);
                    await context.Dispatcher.DispatchAsync(new LoopBegun(), ct);
                },
                options => options.Id = "edgy"));

        var refused = await Should.ThrowAsync<EventChainTooDeepException>(async () => await application.Events.DispatchAsync(new LoopBegun(), Cancellation));

        refused.Chain.ShouldBe(
            ["loop.begun (round)", "loop.turned (edgy)", "loop.begun (round)", "loop.turned (edgy)", "loop.begun (round)", "loop.turned (edgy)"]);
        refused.Message.ShouldContain("loop.begun (round) -> loop.turned (edgy) -> loop.begun (round)");
        refused.Message.ShouldContain("MaxChainDepth");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(40, 40)]
    [InlineData(64, null)]
    public async Task A_chain_may_be_as_deep_as_the_limit(int depth, int? limit)
    {
        await using var application = await TrafficApplication.StartAsync(carillon => carillon.ConfigureDispatch(options => options.MaxChainDepth = limit ?? options.MaxChainDepth));

        await application.Events.DispatchAsync(new BallThrown(depth - 1), Cancellation);
        var refused = await Should.ThrowAsync<EventChainTooDeepException>(async () => await application.Events.DispatchAsync(new BallThrown(depth), Cancellation));
        await application.Events.DispatchAsync(new BallThrown(depth - 1), Cancellation);

        refused.Chain.Count.ShouldBe(depth + 1);
        refused.Chain[0].ShouldBe("ball.thrown (BallListeners.Catch)");
        (depth == 1 ? "ball.caught (BallListeners.Throw)" : refused.Chain[1]).ShouldBe("ball.caught (BallListeners.Throw)");
    }

    [Fact]
    public async Task A_chain_through_scopes_of_their_own_is_counted_too()
    {
        var depth = 0;
        await using var application = await Application.StartAsync(
            carillon => carillon.AddListener<Scoped, LoopBegun>(),
            services => services.AddSingleton<Action>(() => depth++));

        var refused = await Should.ThrowAsync<EventChainTooDeepException>(async () => await application.Events.DispatchAsync(new LoopBegun(), Cancellation));

        // The first one is not from a listener, and not known in the other scopes.
        depth.ShouldBe(65);
        refused.Chain.Count.ShouldBe(65);
        refused.Chain.ShouldAllBe(link => link == "loop.begun (Scoped)");
    }

    [Fact]
    public async Task A_chain_through_scopes_that_listeners_open_by_themselves_does_not_end_the_process()
    {
        IServiceProvider? services = null;
        await using var application = await Application.StartAsync(carillon => carillon.Listen<LoopBegun>(async _ =>
        {
            await using var scope = services!.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new LoopBegun(), Cancellation);
        }));
        services = application.Services;
        var refused = new TaskCompletionSource<Exception>();

        // A small stack, which is soon used up.
        new Thread(
            () => application.Events.DispatchAsync(new LoopBegun(), Cancellation).AsTask().ContinueWith(task => refused.SetResult(task.Exception!.InnerException!), TaskScheduler.Default),
            maxStackSize: 512 * 1024).Start();

        (await refused.Task).ShouldBeOfType<EventChainTooDeepException>().Message.ShouldContain("IEventDispatcherFactory");
    }

    [Fact]
    public async Task Dispatches_side_by_side_are_no_chain()
    {
        var gate = new TaskCompletionSource();
        await using var application = await Application.StartAsync(carillon => carillon.Listen<LoopBegun>(async (_, _) => await gate.Task));
        var dispatcher = (EventDispatcher)application.Events;

        var running = Enumerable.Range(0, 1000).Select(_ => application.Events.DispatchAsync(new LoopBegun(), Cancellation).AsTask()).ToArray();
        gate.SetResult();
        await Task.WhenAll(running);

        dispatcher.Chain.CountBelow(64).ShouldBe(0);
    }

    [Theory]
    [InlineData("at once")]
    [InlineData("by its task")]
    [InlineData("later")]
    public async Task What_failed_or_ended_is_no_longer_part_of_it(string fails)
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .ConfigureDispatch(options => options.MaxChainDepth = 2)
            .Listen<LoopBegun>(async (_, context, ct) =>
            {
                for (var round = 0; round < 10; round++)
                {
                    await Should.ThrowAsync<TimeoutException>(async () => await context.Dispatcher.DispatchAsync(new LoopTurned(), ct));
                }
            })
            .Listen<LoopTurned>((_, _) => fails == "at once" ? throw new TimeoutException() : FailAsync(fails == "later")));

        await application.Events.DispatchAsync(new LoopBegun(), Cancellation);
        await application.Events.DispatchAsync(new LoopBegun(), Cancellation);

        ((EventDispatcher)application.Events).Chain.CountBelow(64).ShouldBe(0);
    }

    [Fact]
    public async Task What_a_listener_leaves_running_behind_it_is_no_part_of_its_chain()
    {
        await using var application = await Application.StartAsync(
            carillon => carillon.ConfigureDispatch(options => options.MaxChainDepth = 3).AddListener<Ticking, LoopBegun>(),
            services => services.AddSingleton<Ticker>());
        var ticker = application.Services.GetRequiredService<Ticker>();

        await ticker.TickAsync();
        await ticker.LastTick.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Middleware_that_dispatches_is_a_link_as_well()
    {
        await using var application = await Application.StartAsync(
            carillon => carillon.UseMiddleware<Auditing>(),
            services => services.AddScoped<Auditing>());

        var refused = await Should.ThrowAsync<EventChainTooDeepException>(async () => await application.Events.DispatchAsync(new LoopBegun(), Cancellation));

        refused.Chain.ShouldAllBe(link => link == "loop.begun");
    }

    [Fact] // The straight line of listeners that take nothing stays as it is
    public async Task What_cannot_dispatch_is_not_tracked()
    {
        await using var application = await TrafficApplication.StartAsync();
        var plans = application.Services.GetRequiredService<PlanTable>();

        plans.Get(typeof(BallKicked)).GetType().Name.ShouldStartWith("Plan");
        plans.Get(typeof(LoopTurned)).ShouldBeOfType<ListenerPlan>();
        plans.Get(typeof(BallThrown)).ShouldBeOfType<ChainPlan>();
        plans.Get(typeof(BallCaught)).ShouldBeOfType<ChainPlan>();
    }

    [Fact]
    public async Task Tracking_allocates_nothing()
    {
        await using var application = await TrafficApplication.StartAsync();
        var events = application.Events;
        var thrown = new BallThrown(0);
        for (var warmUp = 0; warmUp < 100; warmUp++)
        {
            await events.DispatchAsync(thrown, Cancellation);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var index = 0; index < 100; index++)
        {
            var running = events.DispatchAsync(thrown, CancellationToken.None);
            running.IsCompletedSuccessfully.ShouldBeTrueCheaply();
            await running;
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task A_limit_out_of_range_stops_the_start(int limit)
    {
        var refused = await Should.ThrowAsync<CarillonConfigurationException>(
            () => Application.StartAsync(carillon => carillon.ConfigureDispatch(options => options.MaxChainDepth = limit)));

        refused.Problems.ShouldHaveSingleItem().ShouldContain($"MaxChainDepth is {limit}");
    }

    private static async ValueTask FailAsync(bool later)
    {
        await YieldAsync(later);
        throw new TimeoutException();
    }

    private static ValueTask YieldAsync(bool really)
    {
        return really ? new ValueTask(ReallyAsync()) : ValueTask.CompletedTask;

        static async Task ReallyAsync() => await Task.Yield();
    }

    private sealed class Scoped(IEventDispatcherFactory events, Action count) : IListener<LoopBegun>
    {
        public async ValueTask HandleAsync(LoopBegun @event, CancellationToken cancellationToken)
        {
            count();
            await events.DispatchInNewScopeAsync(new LoopBegun(), cancellationToken);
        }
    }

    private sealed class Ticker(IEventDispatcherFactory events)
    {
        private readonly TaskCompletionSource _lastTick = new();
        private int _left = 100;

        internal Task LastTick => _lastTick.Task;

        internal TaskCompletionSource Ended { get; private set; } = new();

        internal async Task TickAsync()
        {
            var ended = Ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await events.DispatchInNewScopeAsync(new LoopBegun(), Cancellation);
            ended.SetResult();
        }

        // As a timer would: what goes on has begun inside a listener, but the dispatch has ended.
        internal async Task TickAfterAsync(Task ended)
        {
            await ended;
            if (--_left == 0)
            {
                _lastTick.SetResult();
                return;
            }

            try
            {
                await TickAsync();
            }
            catch (EventChainTooDeepException exception)
            {
                _lastTick.SetException(exception);
            }
        }
    }

    private sealed class Ticking(Ticker ticker) : IListener<LoopBegun>
    {
        public ValueTask HandleAsync(LoopBegun @event, CancellationToken cancellationToken)
        {
            _ = ticker.TickAfterAsync(ticker.Ended.Task);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Auditing(IEventDispatcher events) : Carillon.Middleware.IEventMiddleware
    {
        public async ValueTask InvokeAsync(object @event, Carillon.Middleware.EventNext next, CancellationToken cancellationToken)
        {
            await next.InvokeAsync(cancellationToken);
            await events.DispatchAsync(new LoopBegun(), cancellationToken);
        }
    }
}
