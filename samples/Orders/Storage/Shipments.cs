using Microsoft.Data.Sqlite;

namespace Orders.Storage;

/// <summary>What has left the warehouse.</summary>
internal static class Shipments
{
    public static async Task AddAsync(SqliteTransaction transaction, string orderId, string sku, CancellationToken cancellationToken)
    {
        await transaction.ExecuteAsync("INSERT INTO shipment (order_id, sku) VALUES ($order, $sku)", cancellationToken, ("$order", orderId), ("$sku", sku));
        await transaction.ExecuteAsync("UPDATE stock SET on_hand = on_hand - 1, reserved = reserved - 1 WHERE sku = $sku", cancellationToken, ("$sku", sku));
    }
}
