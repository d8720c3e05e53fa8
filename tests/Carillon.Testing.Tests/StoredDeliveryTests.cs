using Carillon.Deliveries;

namespace Carillon.Testing.Tests;

public sealed class StoredDeliveryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_delivery_is_found_in_each_of_its_states()
    {
        await using var application = await StartAsync(carillon => carillon.KeepDeliveries());
        await application.Services.NoDeliveryAsync("pack", Cancellation);

        await application.DispatchAsync(new OrderPlaced("A-1"));
        await application.Services.OnlyDeliveryAsync("pack", DeliveryState.Ready, Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        (await application.Services.OnlyDeliveryAsync("pack", DeliveryState.Completed, Cancellation)).Attempts.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_not_as_expected_is_shown_with_all_that_is_there()
    {
        await using var application = await StartAsync(static _ => { });
        await application.DispatchAsync(new OrderPlaced("broken"));
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        var error = await Should.ThrowAsync<InvalidOperationException>(() => application.Services.OnlyDeliveryAsync("pack", DeliveryState.Completed, Cancellation));
        error.Message.ShouldContain("order.placed -> pack: Scheduled (attempts 1");
        error.Message.ShouldContain("the box is broken");
        error.Message.ShouldContain("KeepDeliveries()");
        (await Should.ThrowAsync<InvalidOperationException>(() => application.Services.NoDeliveryAsync(cancellationToken: Cancellation))).Message.ShouldContain("-> pack");
    }

    private static Task<TestApplication> StartAsync(Action<CarillonBuilder> configureTest) => TestApplication.StartAsync(
        carillon => carillon.Listen<OrderPlaced>(
            order =>
            {
                if (order.Sku == "broken")
                {
                    throw new InvalidOperationException("the box is broken");
                }
            },
            options => (options.Id, options.Delivery) = ("pack", Delivery.Durable)),
        configureTest);

    [Event("order.placed")]
    internal sealed record OrderPlaced(string Sku);
}
