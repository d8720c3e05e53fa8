using Carillon.Deliveries.InMemory;
using Carillon.Hosting;
using Carillon.Transports;
using Carillon.Transports.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Tests.Hosting;

public sealed class CarillonHealthTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_application_that_runs_is_alive_and_ready()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .UseInMemory()
            .UseInMemoryTransport(new InMemoryTransport())
            .Subscribe("number.#")
            .Listen<NumberCounted>(_ => { }, options => (options.Delivery, options.Id) = (Delivery.Durable, "counter")));

        Health(application).FindDead().ShouldBeEmpty();
        (await Health(application).FindObstaclesAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_application_without_a_store_is_ready_too()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<NumberCounted>(_ => { }));

        (await Health(application).FindObstaclesAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_not_ready_before_its_start_nor_once_it_stops()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon => carillon.UseInMemory());
        using var host = builder.Build();
        var health = host.Services.GetRequiredService<ICarillonHealth>();

        (await health.FindObstaclesAsync(Cancellation)).ShouldBe(["The host has not started yet."]);
        await host.StartAsync(Cancellation);
        (await health.FindObstaclesAsync(Cancellation)).ShouldBeEmpty();
        await host.StopAsync(Cancellation);
        (await health.FindObstaclesAsync(Cancellation)).ShouldBe(["The host is stopping."]);
        health.FindDead().ShouldBeEmpty();
    }

    [Fact]
    public async Task While_the_store_is_away_it_is_alive_and_not_ready()
    {
        var flaky = new FlakyStore(new InMemoryDeliveryStore());
        await using var application = await Application.StartAsync(carillon => carillon.UseStore(_ => flaky));

        flaky.IsAway = true;
        (await Health(application).FindObstaclesAsync(Cancellation)).ShouldBe(["No answer from deliveries in memory: The store is away."]);
        Health(application).FindDead().ShouldBeEmpty();

        flaky.IsAway = false;
        (await Health(application).FindObstaclesAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task While_the_transport_is_away_it_is_not_ready()
    {
        await using var application = await Application.StartAsync(carillon => carillon.UseTransport(_ => new AwayTransport()));

        (await Health(application).FindObstaclesAsync(Cancellation)).ShouldHaveSingleItem().ShouldContain("The broker is away.");
    }

    [Fact] // No loop may end by what a store throws; a clock that throws is what none of them reckons with.
    public async Task A_worker_whose_loops_have_ended_is_dead_and_says_why()
    {
        var clock = new BreakingClock();
        var flaky = new FlakyStore(new InMemoryDeliveryStore());
        await using var application = await Application.StartAsync(
            carillon => carillon.UseStore(_ => flaky), services => services.AddSingleton<TimeProvider>(clock));

        await Waiting.UntilAsync(() => Task.FromResult(flaky.Wake is not null));
        clock.IsBroken = true;
        flaky.IsAway = true;
        flaky.Wake!();

        await Waiting.UntilAsync(() => Task.FromResult(Health(application).FindDead().Count > 0));
        clock.IsBroken = false;
        Health(application).FindDead()[0].ShouldBe("A loop of the worker has ended: no more timers");
        (await Health(application).FindObstaclesAsync(Cancellation)).ShouldContain("A loop of the worker has ended: no more timers");
    }

    private static ICarillonHealth Health(Application application) => application.Services.GetRequiredService<ICarillonHealth>();

    private sealed class BreakingClock : TimeProvider
    {
        internal volatile bool IsBroken;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            IsBroken ? throw new InvalidOperationException("no more timers") : base.CreateTimer(callback, state, dueTime, period);
    }
}
