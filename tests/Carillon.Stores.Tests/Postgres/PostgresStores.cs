using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Postgres.Deliveries;
using Carillon.Postgres.Tests;

namespace Carillon.Stores.Tests.Postgres;

public sealed class PostgresStores : TestStores
{
    private readonly PostgresPlace _place = new();

    public override DeliveryStoreFeatures Features =>
        DeliveryStoreFeatures.JoinsTransactions
        | DeliveryStoreFeatures.WritesSideBySide
        | DeliveryStoreFeatures.TellsOthers
        | DeliveryStoreFeatures.OutlivesProcess
        | DeliveryStoreFeatures.Inbox | DeliveryStoreFeatures.Sagas | DeliveryStoreFeatures.LeasesInTurn;

    public override async ValueTask<IDeliveryStore> OpenAsync() => await _place.OpenAsync();

    public override ValueTask CloseAsync(IDeliveryStore store) => _place.CloseAsync((PostgresDeliveryStore)store);

    public override ValueTask DisposeAsync() => _place.DisposeAsync();
}
