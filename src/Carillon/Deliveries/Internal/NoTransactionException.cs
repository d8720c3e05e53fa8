namespace Carillon.Deliveries.Internal;

/// <summary>The store's database gave no connection, or no transaction, for an attempt: its listener has not begun, and is not to blame.</summary>
internal sealed class NoTransactionException(Exception cause) : Exception(cause.Message, cause)
{
    /// <summary>Runs what opens a connection or begins a transaction on it.</summary>
    internal static async ValueTask<T> GuardAsync<T>(Func<ValueTask<T>> open, CancellationToken token)
    {
        try
        {
            return await open().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is DeliveryStoreException or System.Data.Common.DbException && !token.IsCancellationRequested)
        {
            throw new NoTransactionException(exception);
        }
    }
}
