using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Testing.Tests;

/// <summary>Conformance 443.</summary>
public sealed class EventWaitingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_durable_listener_leads_to_has_come_when_the_call_returns()
    {
        await using var application = await TestApplication.StartAsync(Chain);

        var packed = await application.Services.PublishAndWaitForAsync<OrderPacked>(new OrderPlaced("A-1"), cancellationToken: Cancellation);

        packed.ShouldBe(new OrderPacked("A-1"));
    }

    [Fact] // 443
    public async Task What_does_not_come_fails_with_what_did()
    {
        await using var application = await TestApplication.StartAsync(Chain);
        await application.DispatchAsync(new OrderPlaced("before"));
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        var error = await Should.ThrowAsync<TimeoutException>(() =>
            application.Services.PublishAndWaitForAsync<OrderPacked>(new OrderPlaced("A-1"), packed => packed.Sku == "B-2", cancellationToken: Cancellation));

        error.Message.ShouldContain("OrderPacked' that passes the filter");
        error.Message.ShouldContain("order.placed: OrderPlaced { Sku = A-1 } (committed)");
        error.Message.ShouldContain("order.packed: OrderPacked { Sku = A-1 } (committed)");
        error.Message.ShouldNotContain("before");
    }

    [Fact]
    public async Task The_published_event_is_not_what_is_waited_for()
    {
        await using var application = await TestApplication.StartAsync(static _ => { });

        await Should.ThrowAsync<TimeoutException>(() => application.Services.PublishAndWaitForAsync<OrderPlaced>(new OrderPlaced("A-1"), cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_state_is_waited_for_as_well()
    {
        var packed = 0;
        await using var application = await TestApplication.StartAsync(carillon => carillon.Listen<OrderPlaced>(_ => packed++, Durable));

        await application.Services.PublishAndWaitUntilAsync(new OrderPlaced("A-1"), _ => new(packed == 1), cancellationToken: Cancellation);

        (await Should.ThrowAsync<TimeoutException>(() =>
            application.Services.PublishAndWaitUntilAsync(new OrderPlaced("A-2"), _ => new(packed == 3), cancellationToken: Cancellation))).Message.ShouldContain("A-2");
    }

    [Fact]
    public async Task With_the_worker_running_it_waits()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon => Chain(carillon.UseInMemory().RecordEvents()));
        using var host = builder.Build();
        await host.StartAsync(Cancellation);

        var packed = await host.Services.PublishAndWaitForAsync<OrderPacked>(new OrderPlaced("A-1"), within: TimeSpan.FromSeconds(30), cancellationToken: Cancellation);

        packed.ShouldBe(new OrderPacked("A-1"));
        await host.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Without_a_recorder_it_says_what_to_do()
    {
        await using var services = new ServiceCollection().AddCarillon(static carillon => carillon.UseInMemory()).BuildServiceProvider();

        (await Should.ThrowAsync<InvalidOperationException>(() => services.PublishAndWaitForAsync<OrderPacked>(new OrderPlaced("A-1"), cancellationToken: Cancellation)))
            .Message.ShouldContain("RecordEvents()");
    }

    private static void Chain(CarillonBuilder carillon) => carillon.Listen<OrderPlaced>(
        static (order, context, token) => context.Dispatcher.PublishAsync(new OrderPacked(order.Sku), token), Durable);

    private static void Durable(Listeners.ListenOptions options) => (options.Id, options.Delivery) = ("pack", Delivery.Durable);

    [Event("order.placed")]
    internal sealed record OrderPlaced(string Sku);

    [Event("order.packed")]
    internal sealed record OrderPacked(string Sku);
}
