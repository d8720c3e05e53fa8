using Carillon.Conformance;
using Carillon.Deliveries;
using Carillon.Sqlite.Tests;

namespace Carillon.Stores.Tests.Sqlite;

public sealed class SqliteStores : TestStores
{
    private readonly SqliteFile _file = new();

    public override DeliveryStoreFeatures Features =>
        DeliveryStoreFeatures.JoinsTransactions | DeliveryStoreFeatures.OutlivesProcess | DeliveryStoreFeatures.Inbox | DeliveryStoreFeatures.Sagas;

    public override async ValueTask<IDeliveryStore> OpenAsync() => await _file.OpenStoreAsync();

    public override ValueTask DisposeAsync() => _file.DisposeAsync();
}
