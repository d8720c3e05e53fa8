using Carillon.Deliveries;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Testing.Tests;

/// <summary>Conformance 434, 435.</summary>
public sealed class DeliveryDrainTests
{
    private readonly SimulatedTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_listeners_dispatch_is_drained_too_in_every_queue()
    {
        var seen = new List<string>();
        using var host = await StartAsync(carillon => carillon
            .Listen<Began>(
                async (_, context, token) =>
                {
                    seen.Add("began");
                    await context.Dispatcher.DispatchAsync(new Ended(), token);
                },
                Durable("begin", "first"))
            .Listen<Ended>(_ => seen.Add("ended"), Durable("end", "a queue before".Replace(' ', '-'))));
        await DispatchAsync(host, new Began());

        (await host.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(2);

        seen.ShouldBe(["began", "ended"]);
    }

    [Fact]
    public async Task A_drain_of_what_leads_back_to_itself_ends_at_the_limit()
    {
#pragma warning disable CARILLON016 // That it never ends is what the limit is for.
        using var host = await StartAsync(carillon => carillon
            .Listen<Began>((_, context, token) => context.Dispatcher.PublishAsync(new Began(), token), Durable("begin")));
#pragma warning restore CARILLON016
        await DispatchAsync(host, new Began());

        (await Should.ThrowAsync<InvalidOperationException>(() => host.Services.DrainDeliveriesAsync(10, Cancellation))).Message.ShouldStartWith("After 10 attempts");
    }

    [Fact]
    public async Task Beside_a_running_worker_a_drain_is_refused_and_works_once_it_has_stopped()
    {
        using var host = await StartAsync(carillon => carillon.Listen<Began>(_ => { }, Durable("begin")).ConfigureWorker(worker => worker.Enabled = true));

        (await Should.ThrowAsync<InvalidOperationException>(() => host.Services.DrainDeliveriesAsync(cancellationToken: Cancellation))).Message.ShouldContain("RunDeliveriesByHand()");

        await host.StopAsync(Cancellation);
        (await host.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task A_drain_up_to_a_time_runs_each_at_its_own_and_leaves_what_is_due_later()
    {
        var start = _time.GetUtcNow();
        var ranAt = new List<double>();
        using var host = await StartAsync(carillon => carillon.Listen<Began>(
            (_, context, _) =>
            {
                ranAt.Add((_time.GetUtcNow() - start).TotalMinutes);
                context.Snooze(TimeSpan.FromMinutes(10));
                return ValueTask.CompletedTask;
            },
            Durable("begin")));
        await DispatchAsync(host, new Began());

        (await host.Services.DrainDeliveriesAsync(start.AddMinutes(25), cancellationToken: Cancellation)).ShouldBe(3);

        ranAt.ShouldBe([0, 10, 20]);
        _time.GetUtcNow().ShouldBe(start.AddMinutes(25));
        (await host.Services.GetRequiredService<IDeliveries>().CountAsync(Cancellation))[DeliveryState.Scheduled].ShouldBe(1);
    }

    [Fact]
    public async Task The_limit_of_a_drain_up_to_a_time_is_one_of_all_its_times()
    {
        using var host = await StartAsync(carillon => carillon.Listen<Began>(
            (_, context, _) =>
            {
                context.Snooze(TimeSpan.FromMinutes(1));
                return ValueTask.CompletedTask;
            },
            Durable("begin")));
        await DispatchAsync(host, new Began());

        (await Should.ThrowAsync<InvalidOperationException>(() => host.Services.DrainDeliveriesAsync(_time.GetUtcNow().AddMinutes(50), 5, Cancellation))).Message.ShouldStartWith("After 5 attempts");
    }

    [Fact]
    public async Task A_drain_up_to_a_time_wants_a_simulated_clock()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon => carillon.UseInMemory().RunDeliveriesByHand());
        using var host = builder.Build();

        (await Should.ThrowAsync<InvalidOperationException>(() => host.Services.DrainDeliveriesAsync(TimeProvider.System.GetUtcNow(), cancellationToken: Cancellation)))
            .Message.ShouldContain("UseSimulatedTime");
    }

    private static Action<ListenOptions> Durable(string id, string? queue = null) => options => (options.Delivery, options.Id, options.Queue) = (Delivery.Durable, id, queue);

    private static async Task DispatchAsync<TEvent>(IHost host, TEvent @event)
        where TEvent : notnull
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(@event, Cancellation);
    }

    private async Task<IHost> StartAsync(Action<CarillonBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon => configure(carillon.UseInMemory().UseSimulatedTime(_time).RunDeliveriesByHand()));
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        return host;
    }

    [Event("test.began")]
    internal sealed record Began;

    [Event("test.ended")]
    internal sealed record Ended;
}
