using Carillon.Dispatch.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Generated;

/// <summary>The first dispatches of an event do without a plan. Nobody can tell from what they do.</summary>
public sealed class EarlyDispatchTests
{
    // The last ones have a plan.
    private const int Dispatches = 2 * EarlyPlan.Dispatches;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_kind_of_listener_takes_every_event()
    {
        await using var application = await TrafficApplication.StartAsync();
        List<string> seen = [];

        for (var dispatch = 0; dispatch < Dispatches; dispatch++)
        {
            seen.Clear();
            var bell = new BellRung(seen);
            (await application.Events.DispatchAsync(bell, Cancellation)).ShouldBeSameAs(bell);
            await application.Events.DispatchAsync(new LampLit(seen), Cancellation);
            await application.Events.PublishAsync(new FlagRaised(seen), Cancellation);
            await application.Events.DispatchAsync(new HornSounded(seen), Cancellation);
            await application.Events.DispatchAsync(new GateClosed(seen), Cancellation);
            await application.Events.DispatchAsync(new WhistleBlown(seen), Cancellation);
            seen.ShouldBe(["bell", "lamp", "flag", "horn", "gate", "whistle"]);
        }
    }

    [Fact]
    public async Task A_listener_that_is_still_running_is_waited_for()
    {
        await using var application = await TrafficApplication.StartAsync();

        for (var dispatch = 0; dispatch < Dispatches; dispatch++)
        {
            var bell = new BellRung([], new TaskCompletionSource());
            var running = application.Events.DispatchAsync(bell, Cancellation).AsTask();
            running.IsCompleted.ShouldBeFalse();
            bell.Wait!.SetResult();
            (await running).Seen.ShouldBe(["bell"]);
        }
    }

    [Fact]
    public async Task An_event_that_was_stopped_before_reaches_nobody()
    {
        await using var application = await TrafficApplication.StartAsync();

        for (var dispatch = 0; dispatch < Dispatches; dispatch++)
        {
            (await application.Events.DispatchAsync(new GateClosed([]) { IsPropagationStopped = true }, Cancellation)).Seen.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task What_a_listener_throws_reaches_the_emitter()
    {
        await using var application = await TrafficApplication.StartAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        for (var dispatch = 0; dispatch < Dispatches; dispatch++)
        {
            Should.Throw<NullReferenceException>(() => application.Events.DispatchAsync(new LampLit(null!), Cancellation).AsTask());
            await Should.ThrowAsync<NullReferenceException>(async () => await application.Events.DispatchAsync(new BellRung(null!), Cancellation));
            await Should.ThrowAsync<OperationCanceledException>(async () => await application.Events.DispatchAsync(new FlagRaised([]), cancelled.Token));
        }
    }

    [Fact]
    public async Task A_class_whose_factory_makes_something_else_is_not_called()
    {
        await using var application = await TrafficApplication.StartAsync(configureServices: services => services
            .AddScoped(typeof(HarbourListeners), _ => "harbour")
            .AddScoped(typeof(TramListeners), _ => "tram"));

        for (var dispatch = 0; dispatch < Dispatches; dispatch++)
        {
            await Should.ThrowAsync<InvalidCastException>(async () => await application.Events.DispatchAsync(new FerryDeparted([]), Cancellation));
            await Should.ThrowAsync<InvalidCastException>(async () => await application.Events.DispatchAsync(new TramDelayed([]), Cancellation));
        }
    }

    [Fact]
    public async Task A_class_that_the_application_has_registered_comes_from_the_scope()
    {
        await using var application = await TrafficApplication.StartAsync(configureServices: services => services.AddScoped(_ => new HarbourListeners { Sound = "horn" }));

        for (var dispatch = 0; dispatch < Dispatches; dispatch++)
        {
            await using var scope = application.Services.CreateAsyncScope();
            (await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new FerryDeparted([]), Cancellation)).Seen.ShouldBe(["horn"]);
        }
    }

    [Fact]
    public async Task Two_applications_of_one_process_have_nothing_in_common()
    {
        await using var one = await TrafficApplication.StartAsync();
        await using var other = await TrafficApplication.StartAsync(configureServices: services => services.AddSingleton(new HarbourListeners { Sound = "horn" }));

        for (var dispatch = 0; dispatch < Dispatches; dispatch++)
        {
            (await one.Events.DispatchAsync(new FerryDeparted([]), Cancellation)).Seen.ShouldBe(["harbour"]);
            (await other.Events.DispatchAsync(new FerryDeparted([]), Cancellation)).Seen.ShouldBe(["horn"]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Dispatches)]
    public async Task A_listener_that_comes_is_called_by_the_next_dispatch(int before)
    {
        await using var application = await TrafficApplication.StartAsync();
        for (var dispatch = 0; dispatch < before; dispatch++)
        {
            await application.Events.DispatchAsync(new FerryDeparted([]), Cancellation);
        }

        var registry = application.Services.GetRequiredService<IListenerRegistry>();
        using (registry.Listen<FerryDeparted>(e => e.Seen.Add("guest")))
        {
            (await application.Events.DispatchAsync(new FerryDeparted([]), Cancellation)).Seen.ShouldBe(["harbour", "guest"]);
        }

        (await application.Events.DispatchAsync(new FerryDeparted([]), Cancellation)).Seen.ShouldBe(["harbour"]);
        using (registry.Mute("HarbourListeners.Wave"))
        {
            (await application.Events.DispatchAsync(new FerryDeparted([]), Cancellation)).Seen.ShouldBeEmpty();
        }

        (await application.Events.DispatchAsync(new FerryDeparted([]), Cancellation)).Seen.ShouldBe(["harbour"]);
    }

    [Theory]
    [InlineData(typeof(object))]
    [InlineData(typeof(IEquatable<FerryDeparted>))]
    [InlineData(typeof(FerryDeparted))]
    public async Task A_listener_of_the_application_takes_its_turn_from_the_first_dispatch_on(Type eventType)
    {
        await using var application = await TrafficApplication.StartAsync(carillon => carillon
            .AddListener(new Listener("guest", eventType, (object e, in ListenerCall _) =>
            {
                (e as FerryDeparted)?.Seen.Add("guest");
                return ValueTask.CompletedTask;
            })));

        (await application.Events.DispatchAsync(new FerryDeparted([]), Cancellation)).Seen.ShouldBe(["harbour", "guest"]);
    }

    [Fact]
    public async Task A_plan_takes_over_and_the_dispatch_allocates_nothing()
    {
        await using var application = await TrafficApplication.StartAsync();
        var events = application.Events;
        var crossed = new HarbourCrossed();
        for (var dispatch = 0; dispatch < Dispatches; dispatch++)
        {
            await events.DispatchAsync(crossed, Cancellation);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var dispatch = 0; dispatch < 100; dispatch++)
        {
            var running = events.DispatchAsync(crossed, CancellationToken.None);
            running.IsCompletedSuccessfully.ShouldBeTrueCheaply();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        crossed.Count.ShouldBe(Dispatches + 100);
    }
}
