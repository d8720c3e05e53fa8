namespace Carillon.Deliveries;

/// <summary>What a person can see and do: which deliveries there are, retry those that failed, give them up.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public interface IDeliveries
{
    /// <summary>How many deliveries are in each state; states without any are left out.</summary>
    ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(CancellationToken cancellationToken = default);

    /// <summary>One page of deliveries, newest first.</summary>
    ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken = default);

    /// <summary>Makes a failed, parked or discarded delivery ready again; its attempts are counted anew.</summary>
    /// <returns>False if there is no such delivery or it is in another state; nothing has changed then.</returns>
    ValueTask<bool> RetryAsync(long id, CancellationToken cancellationToken = default);

    /// <summary>Gives up a delivery that is not leased and not completed.</summary>
    /// <returns>False if there is no such delivery or it is in another state; nothing has changed then.</returns>
    ValueTask<bool> DiscardAsync(long id, CancellationToken cancellationToken = default);
}
