using System.Data.Common;
using Carillon.Deliveries.Internal;

namespace Carillon.Transactions.Internal;

/// <summary>Whether the store can keep deliveries in a transaction of the application.</summary>
internal static class WorkStore
{
    /// <exception cref="CarillonException">It cannot.</exception>
    internal static void Check(StoreSlot store, DbConnection connection)
    {
        if (store.Optional?.WhyNotIn(connection) is { } reason)
        {
            throw new CarillonException(
                $"Deliveries cannot be written in a transaction of this connection, so they could be lost or run without it: {reason}.");
        }
    }

    /// <exception cref="InvalidOperationException">The transaction has ended.</exception>
    internal static DbConnection ConnectionOf(DbTransaction transaction) => transaction.Connection
        ?? throw new InvalidOperationException("The transaction has ended: it has no connection any more. Join it while it is open.");
}
