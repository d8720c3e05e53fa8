namespace Carillon.Deliveries.Internal;

/// <summary>The delivery store of the application, which one without durable listeners need not have.</summary>
internal sealed class StoreSlot(IDeliveryStore? store)
{
    internal IDeliveryStore? Optional => store;

    internal IDeliveryStore Required => store ?? throw Missing();

    internal static CarillonException Missing() => new(
        "There is no delivery store, so nothing durable can be kept. Choose one in AddCarillon: UseSqlite(\"Data Source=app.db\"), or UseInMemory() for development.");
}
