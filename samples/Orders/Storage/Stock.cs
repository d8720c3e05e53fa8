using Microsoft.Data.Sqlite;

namespace Orders.Storage;

/// <summary>What lies in the warehouse.</summary>
internal static class Stock
{
    /// <returns>False if nothing is left.</returns>
    public static async Task<bool> TryReserveAsync(SqliteTransaction transaction, string sku, CancellationToken cancellationToken) =>
        await transaction.ExecuteAsync("UPDATE stock SET reserved = reserved + 1 WHERE sku = $sku AND reserved < on_hand", cancellationToken, ("$sku", sku)) == 1;

    public static Task ReleaseAsync(SqliteTransaction transaction, string sku, CancellationToken cancellationToken) =>
        transaction.ExecuteAsync("UPDATE stock SET reserved = reserved - 1 WHERE sku = $sku", cancellationToken, ("$sku", sku));
}
