using System.Data.Common;
using System.Transactions;
using Carillon.Deliveries;

namespace Carillon.Transactions.Internal;

/// <summary>
/// Writes in one ambient transaction, on the one connection that it has: a second one would have the database prepare in two phases. It is that of the application if it has named one, and
/// else one of the store, which the driver's pool keeps for whoever opens one of its kind in the transaction.
/// </summary>
/// <threadsafety>Safe for concurrent use: several flows may share an ambient transaction, and take turns.</threadsafety>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody has asked for holds nothing to be disposed of.
internal sealed class AmbientWriting(Transaction transaction, PendingWork pending)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Whether something was written before the end, which who reads in the transaction is to see.</summary>
    internal bool HasWritten { get; private set; }

    /// <summary>Whether the store had to bring in a connection.</summary>
    internal bool IsOwn { get; private set; }

    /// <summary>Writes at once.</summary>
    internal async ValueTask<T> WriteAsync<T>(IDeliveryStore store, Func<DbTransaction, ValueTask<T>> write, CancellationToken cancellationToken)
    {
        var result = await UseAsync(store, connection => write(new EnlistedTransaction(connection)), cancellationToken).ConfigureAwait(false);
        HasWritten = true;
        return result;
    }

    /// <summary>Calls with the connection, while nobody else has it.</summary>
    internal async ValueTask<T> UseAsync<T>(IDeliveryStore store, Func<DbConnection, ValueTask<T>> use, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (pending.Enlisted?.Open is { } theirs)
            {
                return await use(theirs).ConfigureAwait(false);
            }

            var again = pending.Enlisted is { } closed ? await closed.ReopenAsync(transaction).ConfigureAwait(false) : null;
            IsOwn = again is null;
            var connection = again ?? await store.OpenEnlistedAsync(cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                return await use(connection).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}
