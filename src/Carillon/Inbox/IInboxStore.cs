using System.Data.Common;

namespace Carillon.Inbox;

/// <summary>Where it is noted which messages a consumer has seen: the port between the inbox and a database. Stores of deliveries implement it too.</summary>
/// <remarks>What need not be remembered any longer is removed by <see cref="Carillon.Deliveries.IDeliveryStore.SweepAsync"/>.</remarks>
/// <threadsafety>Implementations must be safe for concurrent use.</threadsafety>
public interface IInboxStore
{
    /// <summary>Notes that a consumer has seen a message, in the transaction of what the consumer does about it.</summary>
    /// <param name="transaction">The open transaction; null to note it by itself, for a store that joins none.</param>
    /// <param name="consumer">Who has seen it: the id of a listener, a subscription.</param>
    /// <param name="messageId">The message, 200 characters at the most.</param>
    /// <param name="now">The time (UTC): a note that was to be kept until now does not count any more.</param>
    /// <param name="keepUntil">How long the message is to be recognised (UTC).</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>True if the consumer sees it for the first time; false for a duplicate. Waits for another transaction that notes the same one just now.</returns>
    /// <exception cref="Carillon.Deliveries.DeliveryStoreException">It was not noted.</exception>
    ValueTask<bool> TryRecordAsync(
        DbTransaction? transaction,
        string consumer,
        string messageId,
        DateTimeOffset now,
        DateTimeOffset keepUntil,
        CancellationToken cancellationToken);

    /// <summary>Whether a consumer has seen a message; nothing is noted.</summary>
    /// <param name="consumer">Who may have seen it.</param>
    /// <param name="messageId">The message.</param>
    /// <param name="now">The time (UTC): a note that was to be kept until now does not count any more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Carillon.Deliveries.DeliveryStoreException">The store did not answer.</exception>
    ValueTask<bool> IsRecordedAsync(string consumer, string messageId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes the note that a consumer has seen a message, which is then new to it; nothing happens if there is none.</summary>
    /// <param name="consumer">Who has seen it.</param>
    /// <param name="messageId">The message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Carillon.Deliveries.DeliveryStoreException">It may still be noted.</exception>
    ValueTask ForgetAsync(string consumer, string messageId, CancellationToken cancellationToken);
}
