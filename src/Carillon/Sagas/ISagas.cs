using Carillon.Deliveries;

namespace Carillon.Sagas;

/// <summary>What a person can see of sagas. A step that has failed is a delivery: see <see cref="IDeliveries"/>.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public interface ISagas
{
    /// <summary>How many sagas of a name, or of any, are how far; what there is none of is left out.</summary>
    /// <exception cref="CarillonException">There is no store, or one without sagas.</exception>
    ValueTask<IReadOnlyDictionary<SagaStatus, long>> CountAsync(string? saga = null, CancellationToken cancellationToken = default);

    /// <summary>One page of sagas, by name and then by key. Those whose class the application does not know are among them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size of the page is not between 1 and 1,000.</exception>
    /// <exception cref="CarillonException">There is no store, or one without sagas.</exception>
    ValueTask<IReadOnlyList<SagaSnapshot>> ListAsync(SagaQuery query, CancellationToken cancellationToken = default);

    /// <summary>One saga with its history; null if there is none, or it was kept long enough.</summary>
    /// <exception cref="CarillonException">There is no store, or one without sagas.</exception>
    ValueTask<SagaDetails?> FindAsync(string saga, string key, CancellationToken cancellationToken = default);
}
