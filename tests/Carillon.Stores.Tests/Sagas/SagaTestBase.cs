using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Sagas;
using Carillon.Testing;

namespace Carillon.Stores.Tests.Sagas;

/// <summary>A store of one kind, on which applications with sagas are started and whose deliveries run when the test says so.</summary>
public abstract class SagaTestBase<TStores> : IAsyncLifetime
    where TStores : TestStores, new()
{
    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected TStores Stores { get; } = new();

    private protected SimulatedTime Time { get; } = new();

    private protected Journal Journal { get; } = new();

    private protected IDeliveryStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await Stores.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await Stores.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<SagaApplication> StartAsync(Action<CarillonBuilder>? configure = null) => await SagaApplication.StartAsync(await Stores.OpenAsync(), Journal, carillon =>
    {
        carillon.UseSimulatedTime(Time).RunDeliveriesByHand().AddListeners();
        configure?.Invoke(carillon);
    });

    private protected async Task<IReadOnlyList<DeliverySnapshot>> OpenAsync() =>
        [.. (await Store.ListAsync(new DeliveryQuery { PageSize = 1000 }, Time.GetUtcNow(), Cancel)).Where(delivery => delivery.State is not (DeliveryState.Completed or DeliveryState.Discarded or DeliveryState.Cancelled))];
}
