using Carillon.Listeners;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Generated;

/// <summary>The same expectations for the generated plan and for the run-time one, which any further listener of the event brings into play.</summary>
public sealed class GeneratedListenerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory] // Conformance 108: a provider compiled ahead of time gives the results of the run-time one
    [InlineData(false)]
    [InlineData(true)]
    public async Task Methods_run_in_their_order_with_their_dependencies(bool atRunTime)
    {
        await using var application = await StartAsync();
        using var _ = atRunTime ? application.Services.GetRequiredService<IListenerRegistry>().Listen<CarParked>(_ => { }) : null;

        var parked = await application.Events.DispatchAsync(new CarParked([]), Cancellation);

        parked.Seen.ShouldBe(["first", "second", "third", "fourth red True"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stoppable_event_stops(bool atRunTime)
    {
        await using var application = await StartAsync();
        using var _ = atRunTime ? application.Services.GetRequiredService<IListenerRegistry>().Listen<TrainStoppedEvent>(_ => { }, priority: -5) : null;

        (await application.Events.DispatchAsync(new TrainStoppedEvent([]), Cancellation)).Seen.ShouldBe(["stop"]);
        (await application.Events.DispatchAsync(new TrainStoppedEvent([]) { IsPropagationStopped = true }, Cancellation)).Seen.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_struct_reaches_a_static_method(bool asObject)
    {
        await using var application = await StartAsync();

        if (asObject)
        {
            await application.Events.DispatchObjectAsync(new LightChanged(3), Cancellation);
        }
        else
        {
            await application.Events.DispatchAsync(new LightChanged(3), Cancellation);
        }

        application.Services.GetRequiredService<Ledger>().Seconds.ShouldBe(3);
    }

    [Fact] // Conformance 35
    public async Task A_method_may_take_the_context()
    {
        await using var application = await StartAsync();

        (await application.Events.DispatchAsync(new BusDelayed([]), Cancellation)).Seen.ShouldBe(["bus.delayed", "plain"]);
    }

    [Fact] // B1: one word
    public async Task A_durable_method_runs_from_the_store_with_its_dependencies()
    {
        await using var application = await StartAsync();
        var ledger = application.Services.GetRequiredService<Ledger>();

        await application.Events.DispatchAsync(new TicketSold(12), Cancellation);
        ledger.Tickets.ShouldBeEmpty();
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        ledger.Tickets.ShouldBe([12]);
    }

    [Theory] // Conformance 123, 182, 183, 187
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_class_of_a_method_is_made_when_its_turn_comes_and_not_before(bool atRunTime)
    {
        await using var application = await StartAsync();
        using var _ = atRunTime ? application.Services.GetRequiredService<IListenerRegistry>().Listen<DoorOpened>(_ => { }) : null;
        var log = application.Services.GetRequiredService<Ledger>().Doors;
        application.Services.GetRequiredService<IListenerDirectory>().HasListeners<DoorOpened>().ShouldBeTrue();
        await application.Events.DispatchAsync(new LightChanged(1), Cancellation);
        log.ShouldBeEmpty();

        await application.Events.DispatchAsync(new DoorOpened(), Cancellation);

        log.ShouldBe(["make first", "run first", "make second", "run second"]);
    }

    [Fact] // The generator writes the delivery, and straight-line code leaves the event to the run-time plan
    public async Task A_background_method_runs_after_the_dispatch()
    {
        await using var application = await StartAsync();
        var ledger = application.Services.GetRequiredService<Ledger>();

        await application.Events.DispatchAsync(new GateOpened(7, ledger.Blocked.Task), Cancellation);
        ledger.Gates.ShouldBeEmpty();
        ledger.Blocked.SetResult();
        await application.Services.GetRequiredService<Carillon.Background.IBackgroundListeners>().WhenIdleAsync(Cancellation);

        ledger.Gates.ShouldBe([7]);
    }

    [Fact] // Conformance 121
    public async Task Adding_the_listeners_twice_runs_them_once()
    {
        await using var application = await StartAsync(carillon => carillon.AddListeners());

        (await application.Events.DispatchAsync(new CarParked([]), Cancellation)).Seen.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_missing_dependency_of_a_method_is_named_at_start()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(() => Application.StartAsync(carillon => carillon.UseInMemory().AddListeners()));

        error.Message.ShouldContain("TrafficListeners.First");
        error.Message.ShouldContain(nameof(Clock));
        error.Message.ShouldContain("'red'");
    }

    [Fact] // Generated code allocates nothing for synchronous listeners of singletons
    public async Task A_straight_line_plan_of_synchronous_listeners_allocates_nothing()
    {
        await using var application = await StartAsync(configureServices: services =>
            services.Add(new ServiceDescriptor(typeof(TrafficListeners), typeof(TrafficListeners), ServiceLifetime.Singleton)));
        var events = application.Events;
        for (var warmUp = 0; warmUp < 100; warmUp++)
        {
            await events.DispatchAsync(new LightChanged(1), Cancellation);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var dispatch = 0; dispatch < 1000; dispatch++)
        {
            var running = events.DispatchAsync(new LightChanged(1), CancellationToken.None);
            running.IsCompletedSuccessfully.ShouldBeTrueCheaply();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static Task<Application> StartAsync(Action<CarillonBuilder>? configure = null, Action<IServiceCollection>? configureServices = null) =>
        Application.StartAsync(
            carillon =>
            {
                carillon.AddListeners().UseInMemory().RunDeliveriesByHand();
                configure?.Invoke(carillon);
            },
            services =>
            {
                services.AddSingleton<Clock>().AddSingleton<Ledger>().AddKeyedSingleton("red", "red");
                configureServices?.Invoke(services);
            });
}
