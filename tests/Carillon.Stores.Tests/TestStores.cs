using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;

namespace Carillon.Stores.Tests;

public sealed class InMemoryStores : TestStores
{
    private readonly InMemoryDeliveryStore _store = new();

    public override DeliveryStoreFeatures Features => DeliveryStoreFeatures.Inbox | DeliveryStoreFeatures.Sagas;

    public override async ValueTask<IDeliveryStore> OpenAsync()
    {
        await _store.PrepareAsync(TestContext.Current.CancellationToken);
        return _store;
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
