using System.Data;
using System.Data.Common;
using System.Transactions;

namespace Carillon.Transactions.Internal;

/// <summary>The application's connection in an ambient transaction, which it may have closed by the time that deliveries are written.</summary>
/// <remarks>
/// What is closed in the transaction is kept by the driver's pool until it ends, and given to whoever opens a connection of the same kind in it. A connection that was disposed of cannot
/// be opened again, so its twin is made while it can be.
/// </remarks>
internal sealed class EnlistedConnection(DbConnection connection)
{
    private readonly DbConnection? _twin = (connection as ICloneable)?.Clone() as DbConnection;

    /// <summary>The connection itself, if it is open.</summary>
    internal DbConnection? Open => connection.State == ConnectionState.Open ? connection : null;

    /// <summary>The connection opened again, as often as is asked, each to be disposed of; null if the driver cannot.</summary>
    internal async ValueTask<DbConnection?> ReopenAsync(Transaction transaction)
    {
        if ((_twin as ICloneable)?.Clone() is not DbConnection again)
        {
            return null;
        }

        await again.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        again.EnlistTransaction(transaction);
        return again;
    }
}
