using Carillon.Deliveries;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>A key as it is stored.</summary>
internal sealed record KeyOfRow(string Value, int Order, int Limit)
{
    private const int InOrder = 1;
    private const int PastFailed = 2;

    internal bool IsOrdered => Order is InOrder or PastFailed;

    internal bool SkipsFailed => Order == PastFailed;

    internal static int OrderOf(DeliveryKey key) => !key.IsOrdered ? 0 : key.SkipsFailed ? PastFailed : InOrder;

    /// <summary>Reads it from three columns; null if there is none.</summary>
    internal static KeyOfRow? Read(SqliteStatement row, int column) =>
        // A limit that was changed by hand to none at all must not keep its deliveries for ever.
        row.IsNull(column) ? null : new KeyOfRow(row.GetString(column), row.GetInt(column + 1), Math.Max(1, row.GetInt(column + 2)));
}
