using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

#pragma warning disable CARILLON016 // Of the circle each application has one half, and that it never ends is what the limit is for.

namespace Carillon.Testing.Tests;

public sealed class TestHostsTests : IAsyncDisposable
{
    private readonly TestHosts _hosts = new();
    private readonly List<string> _seen = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _hosts.DisposeAsync();

    [Fact]
    public async Task An_event_leaves_one_host_and_what_it_leads_to_in_the_other_comes_back()
    {
        var hosts = _hosts;
        var warehouse = Warehouse();
        var shop = Shop();
        await hosts.StartAsync(warehouse, shop);

        await DispatchAsync(shop, new OrderPlaced("A-1"));
        (await hosts.RunToIdleAsync(cancellationToken: Cancellation)).ShouldBe(3); // two events that left, and the listener that packs

        _seen.ShouldBe(["packed A-1"]);
        shop.Services.GetRequiredService<EventRecorder>().Only<OrderPacked>().ShouldBe(new OrderPacked("A-1"));
        warehouse.Services.GetRequiredService<EventRecorder>().Only<OrderPlaced>();
    }

    [Fact]
    public async Task What_is_published_while_a_host_is_away_waits_for_the_one_that_comes_after_it()
    {
        var hosts = _hosts;
        var warehouse = Warehouse();
        var shop = Shop();
        await hosts.StartAsync(warehouse, shop);
        await hosts.StopAsync(warehouse);

        await DispatchAsync(shop, new OrderPlaced("A-1"));
        await hosts.RunToIdleAsync(cancellationToken: Cancellation);
        _seen.ShouldBeEmpty();
        await hosts.StartAsync(Warehouse());
        await hosts.RunToIdleAsync(cancellationToken: Cancellation);

        _seen.ShouldBe(["packed A-1"]);
    }

    [Fact]
    public async Task An_event_that_is_rejected_comes_again_when_the_clock_is_moved()
    {
        var attempts = new List<int>();
        var hosts = _hosts;
        var warehouse = Build(carillon => carillon
            .Subscribe("order.placed", subscription => subscription.Key = "warehouse")
            .Listen<OrderPlaced>((_, context, _) =>
            {
                attempts.Add(context.Attempt);
                if (context.Attempt == 1)
                {
                    context.Reject("closed", TimeSpan.FromMinutes(5));
                }

                return ValueTask.CompletedTask;
            }));
        var shop = Shop();
        await hosts.StartAsync(warehouse, shop);

        await DispatchAsync(shop, new OrderPlaced("A-1"));
        await hosts.RunToIdleAsync(cancellationToken: Cancellation);
        attempts.ShouldBe([1]);
        hosts.Time.Advance(TimeSpan.FromMinutes(5));
        await hosts.RunToIdleAsync(cancellationToken: Cancellation);

        attempts.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Hosts_that_answer_each_other_without_end_reach_the_limit()
    {
        var hosts = _hosts;
        var one = Build(carillon => carillon.Subscribe("order.packed", s => s.Key = "one").Publish<OrderPlaced>()
            .Listen<OrderPacked>((packed, context, token) => context.Dispatcher.PublishAsync(new OrderPlaced(packed.Sku), token)));
        var other = Build(carillon => carillon.Subscribe("order.placed", s => s.Key = "other").Publish<OrderPacked>()
            .Listen<OrderPlaced>((placed, context, token) => context.Dispatcher.PublishAsync(new OrderPacked(placed.Sku), token)));
        await hosts.StartAsync(one, other);
        await DispatchAsync(one, new OrderPlaced("A-1"));

        (await Should.ThrowAsync<InvalidOperationException>(() => hosts.RunToIdleAsync(20, Cancellation))).Message.ShouldContain("leads back to itself");
    }

    [Fact]
    public async Task One_application_runs_to_idle_with_what_runs_in_its_background()
    {
        await using var application = await TestApplication.StartAsync(carillon => carillon
            .Listen<OrderPlaced>(
                async (order, context, token) =>
                {
                    await Task.Yield();
                    await context.Dispatcher.DispatchAsync(new OrderPacked(order.Sku), token);
                },
                options => options.Delivery = Delivery.Background)
            .Listen<OrderPacked>(packed => _seen.Add(packed.Sku), options => (options.Id, options.Delivery) = ("durable", Delivery.Durable)));

        await application.DispatchAsync(new OrderPlaced("A-1"));
        (await application.Services.RunToIdleAsync(cancellationToken: Cancellation)).ShouldBe(1);

        _seen.ShouldBe(["A-1"]);
    }

    private IHost Shop() => Build(carillon => carillon
        .Publish<OrderPlaced>()
        .AddEvent<OrderPacked>()
        .Subscribe("order.packed", subscription => subscription.Key = "shop"));

    private IHost Warehouse() => Build(carillon => carillon
        .Subscribe("order.placed", subscription => subscription.Key = "warehouse")
        .Publish<OrderPacked>()
        .Listen<OrderPlaced>(
            async (order, context, token) =>
            {
                _seen.Add($"packed {order.Sku}");
                await context.Dispatcher.DispatchAsync(new OrderPacked(order.Sku), token);
            },
            options => (options.Id, options.Delivery) = ("pack", Delivery.Durable)));

    private IHost Build(Action<CarillonBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon =>
        {
            carillon.JoinTestHosts(_hosts);
            configure(carillon);
        });
        return builder.Build();
    }

    private static async Task DispatchAsync<TEvent>(IHost host, TEvent @event)
        where TEvent : notnull
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(@event, Cancellation);
    }

    [Event("order.placed")]
    internal sealed record OrderPlaced(string Sku);

    [Event("order.packed")]
    internal sealed record OrderPacked(string Sku);
}
