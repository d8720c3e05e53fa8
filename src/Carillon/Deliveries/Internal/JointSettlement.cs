namespace Carillon.Deliveries.Internal;

/// <summary>Settles a delivery and writes what its attempt has left, in one transaction where the store joins any.</summary>
/// <remarks>
/// A store that joins none is in memory: its crash takes both. There the delivery is settled first, so that its unique key is free for the one that follows; what
/// could not be added then is added when the call is made again.
/// </remarks>
internal sealed class JointSettlement(StoreSlot store)
{
    /// <returns>Whether the lease was still held; if not, nothing is written.</returns>
    internal async ValueTask<bool> WriteAsync(Settlement settlement, CancellationToken cancellationToken)
    {
        if (store.Required.JoinsTransactions)
        {
            return await WriteTogetherAsync(store.Required, settlement, cancellationToken).ConfigureAwait(false);
        }

        if (!settlement.IsSettled)
        {
            var lost = await store.Required.SettleAsync([settlement], cancellationToken).ConfigureAwait(false);
            if (lost.Count > 0)
            {
                return false;
            }

            settlement.IsSettled = true;
        }

        await store.Required.AddAsync(settlement.Leaves, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static async ValueTask<bool> WriteTogetherAsync(IDeliveryStore store, Settlement settlement, CancellationToken cancellationToken)
    {
        var connection = await store.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using var turn = await store.TakeTurnAsync(connection, cancellationToken).ConfigureAwait(false);
            var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                // Rolled back as it is disposed of.
                if (!await store.SettleAsync(transaction, settlement, cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }

                await store.AddAsync(transaction, settlement.Leaves, cancellationToken).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }
        }
    }
}
