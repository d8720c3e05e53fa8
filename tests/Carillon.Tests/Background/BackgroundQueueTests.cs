using System.Collections.Concurrent;
using Carillon.Background;
using Carillon.Listeners;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Tests.Background;

/// <summary>The bounds of the background, its beginning and its end.</summary>
public sealed class BackgroundQueueTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dispatch_waits_for_room()
    {
        var gate = new Gate();
        await using var application = await StartAsync(gate, Bounded(capacity: 1));
        await FillAsync(application, gate);

        var dispatch = application.Events.DispatchAsync(new NumberCounted(3), Cancellation).AsTask();
        dispatch.IsCompleted.ShouldBeFalse();
        gate.Open();
        await dispatch;
        await IdleAsync(application);

        gate.Ran.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_dispatch_that_waits_for_room_gives_up_with_its_token()
    {
        var gate = new Gate();
        await using var application = await StartAsync(gate, Bounded(capacity: 1));
        await FillAsync(application, gate);
        using var source = new CancellationTokenSource();

        var dispatch = application.Events.DispatchAsync(new NumberCounted(3), source.Token).AsTask();
        await source.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(() => dispatch)).CancellationToken.ShouldBe(source.Token);
        gate.Open();
        await IdleAsync(application);
        gate.Ran.ShouldBe([1, 2]);
    }

    [Theory]
    [InlineData(WhenFull.DropOldest, 3)]
    [InlineData(WhenFull.DropNewest, 2)]
    public async Task What_is_dropped_is_logged(WhenFull whenFull, int kept)
    {
        var gate = new Gate();
        await using var application = await StartAsync(gate, Bounded(capacity: 1, whenFull));
        await FillAsync(application, gate);

        await application.Events.DispatchAsync(new NumberCounted(3), Cancellation);
        gate.Open();
        await IdleAsync(application);

        gate.Ran.ShouldBe([1, kept]);
        application.Log.Entries.Where(entry => entry.Id == 402).ShouldHaveSingleItem().Message.ShouldContain("gated");
    }

    [Fact]
    public async Task A_dispatch_may_fail_when_there_is_no_room()
    {
        var gate = new Gate();
        await using var application = await StartAsync(gate, Bounded(capacity: 1, WhenFull.Fail));
        await FillAsync(application, gate);

        var error = await Should.ThrowAsync<CarillonException>(async () => await application.Events.DispatchAsync(new NumberCounted(3), Cancellation));

        error.Message.ShouldContain("'number.counted'");
        error.Message.ShouldContain("'gated'");
        error.Message.ShouldContain("1 calls wait already");
        gate.Open();
    }

    [Fact]
    public async Task One_call_is_dropped_for_one_that_comes_though_some_that_wait_took_no_place()
    {
        var gate = new Gate();
        var spread = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await Application.StartAsync(carillon => carillon
            .UseBackground(Bounded(capacity: 1, WhenFull.DropOldest))
            .Listen<NumberCounted>(
                async (e, context, token) =>
                {
                    for (var number = 10; e.Number == 1 && number < 20; number++)
                    {
#pragma warning disable CARILLON016 // Only the first one does so.
                        await context.Dispatcher.DispatchAsync(new NumberCounted(number), token);
#pragma warning restore CARILLON016
                    }

                    spread.TrySetResult();
                    await gate.PassAsync(e, token);
                },
                options => (options.Id, options.Delivery) = ("gated", Delivery.Background)));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await spread.Task;

        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(3), Cancellation);
        gate.Open();
        await IdleAsync(application);

        gate.Ran.ShouldBe([1, 11, 12, 13, 14, 15, 16, 17, 18, 19, 2, 3]);
    }

    [Fact] // Otherwise all that run could wait for what waits behind them
    public async Task What_runs_in_the_background_never_waits_for_room_there()
    {
        var ran = new ConcurrentQueue<int>();
        await using var application = await Application.StartAsync(carillon => carillon
            .UseBackground(Bounded(capacity: 1))
            .Listen<NumberCounted>(
                async (e, context, token) =>
                {
                    ran.Enqueue(e.Number);
                    for (var next = e.Number - 1; next > 0; next--)
                    {
#pragma warning disable CARILLON016 // It counts down, and so it ends.
                        await context.Dispatcher.DispatchAsync(new NumberCounted(next), token);
#pragma warning restore CARILLON016
                    }
                },
                options => options.Delivery = Delivery.Background));

        await application.Events.DispatchAsync(new NumberCounted(4), Cancellation);
        await IdleAsync(application);

        ran.Count.ShouldBe(8);
    }

    [Fact]
    public async Task No_more_run_at_once_than_are_allowed_and_those_do()
    {
        const int AtOnce = 3;
        var (running, most) = (0, 0);
        var together = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await Application.StartAsync(carillon => carillon
            .UseBackground(options => options.MaxConcurrency = AtOnce)
            .Listen<NumberCounted>(
                async (_, _) =>
                {
                    var now = Interlocked.Increment(ref running);
                    InterlockedMax(ref most, now);
                    if (now == AtOnce)
                    {
                        together.TrySetResult();
                    }

                    await together.Task;
                    Interlocked.Decrement(ref running);
                },
                options => options.Delivery = Delivery.Background));

        for (var number = 0; number < 50; number++)
        {
            await application.Events.DispatchAsync(new NumberCounted(number), Cancellation);
        }

        await IdleAsync(application);
        most.ShouldBe(AtOnce);
    }

    [Fact] // Conformance 181
    public async Task What_is_dispatched_while_the_host_starts_is_held_until_it_has_started()
    {
        var gate = new Gate();
        gate.Open();
        var ranDuringTheStart = -1;
        await using var application = await StartAsync(gate, services: services => services
            .AddSingleton<IHostedService>(provider => new AtStart(async events => await events.DispatchInNewScopeAsync(new NumberCounted(1), Cancellation), provider))
            .AddSingleton<IHostedService>(provider => new AtStart(
                _ =>
                {
                    ranDuringTheStart = gate.Ran.Count;
                    provider.GetRequiredService<IBackgroundListeners>().Waiting.ShouldBe(1);
                    return Task.CompletedTask;
                },
                provider)));

        await IdleAsync(application);

        ranDuringTheStart.ShouldBe(0);
        gate.Ran.ShouldBe([1]);
    }

    [Fact] // Conformance 181: a start that waits for its own end would never end
    public async Task More_than_can_be_held_is_refused_while_the_host_starts()
    {
        var gate = new Gate();
        Exception? refused = null;
        await using var application = await StartAsync(gate, Bounded(capacity: 1), services => services.AddSingleton<IHostedService>(provider => new AtStart(
            async events =>
            {
                await events.DispatchInNewScopeAsync(new NumberCounted(1), Cancellation);
                refused = await Record.ExceptionAsync(async () => await events.DispatchInNewScopeAsync(new NumberCounted(2), Cancellation));
            },
            provider)));

        refused.ShouldBeOfType<CarillonException>().Message.ShouldContain("until the host has started");
        gate.Open();
        await IdleAsync(application);
        gate.Ran.ShouldBe([1]);
    }

    [Fact]
    public async Task A_stopping_host_lets_what_waits_and_runs_come_to_its_end()
    {
        var gate = new Gate();
        await using var application = await StartAsync(gate, Bounded(capacity: 10));
        await FillAsync(application, gate);

        var stop = application.StopAsync();
        stop.IsCompleted.ShouldBeFalse();
        gate.Open();
        await stop;

        gate.Ran.ShouldBe([1, 2]);
        application.Log.Entries.ShouldContain(entry => entry.Id == 403);
    }

    [Fact]
    public async Task What_does_not_end_in_time_is_cancelled_and_what_did_not_begin_is_named_as_lost()
    {
        var gate = new Gate();
        var time = new SimulatedTime();
        await using var application = await StartAsync(gate, Bounded(capacity: 10), time: time);
        await FillAsync(application, gate);

        var stop = application.StopAsync();
        await Waiting.UntilAsync(() => Task.FromResult(application.Log.Entries.Any(entry => entry.Id == 403)));
        time.Advance(BackgroundOptionsOf(application).DrainTimeout);
        await stop;

        gate.Ran.ShouldBeEmpty();
        application.Log.Entries.Where(entry => entry.Id == 404).ShouldHaveSingleItem().Message.ShouldContain("gated");
        application.Log.Entries.Where(entry => entry.Id == 405).ShouldHaveSingleItem().Message.ShouldContain("gated");
    }

    [Fact] // Conformance 181: never silently lost
    public async Task After_the_stop_a_dispatch_to_the_background_is_refused()
    {
        var gate = new Gate();
        await using var application = await StartAsync(gate);
        await application.StopAsync();

        var error = await Should.ThrowAsync<CarillonException>(async () => await application.Events.DispatchAsync(new NumberCounted(1), Cancellation));

        error.Message.ShouldContain("the process is ending");
    }

    [Fact]
    public async Task A_dispatch_that_waits_for_room_is_refused_when_the_process_ends()
    {
        var gate = new Gate();
        var time = new SimulatedTime();
        await using var application = await StartAsync(gate, Bounded(capacity: 1), time: time);
        await FillAsync(application, gate);
        var dispatch = application.Events.DispatchAsync(new NumberCounted(3), Cancellation).AsTask();

        var stop = application.StopAsync();
        await Waiting.UntilAsync(() => Task.FromResult(application.Log.Entries.Any(entry => entry.Id == 403)));
        time.Advance(BackgroundOptionsOf(application).DrainTimeout);

        (await Should.ThrowAsync<CarillonException>(() => dispatch)).Message.ShouldContain("the process is ending");
        await stop;
    }

    [Fact]
    public async Task Without_a_host_the_background_runs_at_once()
    {
        var gate = new Gate();
        gate.Open();
        await using var services = new ServiceCollection().AddCarillon(carillon => carillon.Listen<NumberCounted>(gate.PassAsync, Gated)).BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();

        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new NumberCounted(1), Cancellation);
        await services.GetRequiredService<IBackgroundListeners>().WhenIdleAsync(Cancellation);

        gate.Ran.ShouldBe([1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_container_that_goes_cancels_what_runs_and_names_what_is_lost(bool asynchronously)
    {
        var gate = new Gate();
        using var log = new RecordingLoggerProvider();
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log))
            .AddCarillon(carillon => carillon.UseBackground(Bounded(capacity: 1)).Listen<NumberCounted>(gate.PassAsync, Gated))
            .BuildServiceProvider();
        var events = services.GetRequiredService<IEventDispatcherFactory>();
        await events.DispatchInNewScopeAsync(new NumberCounted(1), Cancellation);
        await gate.Began.Task;
        await events.DispatchInNewScopeAsync(new NumberCounted(2), Cancellation);

        if (asynchronously)
        {
            await services.DisposeAsync();
        }
        else
        {
            await Task.Run(services.Dispose, Cancellation);
        }

        await gate.Ended.Task;
        gate.Ran.ShouldBeEmpty();
        log.Entries.ShouldContain(entry => entry.Id == 404);
    }

    [Fact]
    public async Task Options_out_of_range_stop_the_start_with_every_fault()
    {
        var error = await Should.ThrowAsync<OptionsValidationException>(() => StartAsync(new Gate(), options =>
            (options.Capacity, options.MaxConcurrency, options.WhenFull, options.DrainTimeout) = (0, 0, (WhenFull)9, TimeSpan.FromSeconds(-1))));

        error.Failures.Count().ShouldBe(4);
    }

    // One runs, at the closed gate, and one waits.
    private static async Task FillAsync(Application application, Gate gate)
    {
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await gate.Began.Task;
        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);
    }

    private static Task<Application> StartAsync(
        Gate gate, Action<BackgroundOptions>? configure = null, Action<IServiceCollection>? services = null, SimulatedTime? time = null) =>
        Application.StartAsync(
            carillon =>
            {
                carillon.UseBackground(configure).Listen<NumberCounted>(gate.PassAsync, Gated);
                if (time is not null)
                {
                    carillon.UseSimulatedTime(time);
                }
            },
            services);

    private static Action<BackgroundOptions> Bounded(int capacity, WhenFull whenFull = WhenFull.Wait) =>
        options => (options.Capacity, options.MaxConcurrency, options.WhenFull) = (capacity, 1, whenFull);

    private static void Gated(ListenOptions options) => (options.Delivery, options.Id) = (Delivery.Background, "gated");

    private static BackgroundOptions BackgroundOptionsOf(Application application) =>
        application.Services.GetRequiredService<IOptions<BackgroundOptions>>().Value;

    private static Task IdleAsync(Application application) => application.Services.GetRequiredService<IBackgroundListeners>().WhenIdleAsync(Cancellation);

    private static void InterlockedMax(ref int most, int value)
    {
        var seen = Volatile.Read(ref most);
        while (value > seen && Interlocked.CompareExchange(ref most, value, seen) is var other && other != seen)
        {
            seen = other;
        }
    }

    private sealed class AtStart(Func<IEventDispatcherFactory, Task> run, IServiceProvider services) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => run(services.GetRequiredService<IEventDispatcherFactory>());

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
