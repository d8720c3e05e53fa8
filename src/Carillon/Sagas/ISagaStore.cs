using System.Data.Common;
using Carillon.Deliveries;

namespace Carillon.Sagas;

/// <summary>Where sagas are kept: the port between the engine and a database. Stores of deliveries implement it too, since both are written in one transaction.</summary>
/// <remarks>
/// <para>
/// Names and keys are compared character by character, and listed in the order of their characters' code points. What need not be kept any longer is removed by
/// <see cref="IDeliveryStore.SweepAsync"/>, with its history.
/// </para>
/// </remarks>
/// <threadsafety>Implementations must be safe for concurrent use.</threadsafety>
public interface ISagaStore
{
    /// <summary>Reads the saga of a step.</summary>
    /// <param name="transaction">The transaction in which it will be saved; null for a store that joins none.</param>
    /// <param name="saga">The name of the saga.</param>
    /// <param name="key">Which one.</param>
    /// <param name="step">The id of the listener that takes the event.</param>
    /// <param name="eventId">The id of the event.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="DeliveryStoreException">The store did not answer.</exception>
    ValueTask<FoundSaga?> FindAsync(DbTransaction? transaction, string saga, string key, string step, Guid eventId, CancellationToken cancellationToken);

    /// <summary>Saves a saga, and adds a step to its history.</summary>
    /// <param name="transaction">The transaction; null to save it by itself, for a store that joins none.</param>
    /// <param name="instance">The saga. With version 1 it must not be there; with a later one it must be there with the version before.</param>
    /// <param name="entry">The step, of the same version.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False if somebody else has saved it meanwhile: nothing was written, and the transaction can go on. Waits for another transaction that saves the same one just now.</returns>
    /// <exception cref="DeliveryStoreException">It was not saved.</exception>
    ValueTask<bool> SaveAsync(DbTransaction? transaction, SagaInstance instance, SagaEntry entry, CancellationToken cancellationToken);

    /// <summary>One page of sagas, by name and then by key.</summary>
    ValueTask<IReadOnlyList<SagaInstance>> ListAsync(SagaQuery query, CancellationToken cancellationToken);

    /// <summary>The history of one saga, from its beginning; empty if there is none.</summary>
    ValueTask<IReadOnlyList<SagaEntry>> ListEntriesAsync(string saga, string key, CancellationToken cancellationToken);

    /// <summary>How many sagas of a name, or of any, are how far; what there is none of is left out.</summary>
    ValueTask<IReadOnlyDictionary<SagaStatus, long>> CountAsync(string? saga, CancellationToken cancellationToken);
}
