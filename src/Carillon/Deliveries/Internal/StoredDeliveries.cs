namespace Carillon.Deliveries.Internal;

/// <summary>The store as a person sees it, with the worker told of what became ready.</summary>
internal sealed class StoredDeliveries(StoreSlot store, DeliveriesInHand inHand, TimeProvider time) : IDeliveries
{
    public ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(CancellationToken cancellationToken = default) =>
        store.Required.CountAsync(time.GetUtcNow(), cancellationToken);

    public ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.PageSize, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PageSize, DeliveryQuery.MaxPageSize, nameof(query));
        return store.Required.ListAsync(query, time.GetUtcNow(), cancellationToken);
    }

    public async ValueTask<bool> RetryAsync(long id, CancellationToken cancellationToken = default)
    {
        var isReady = await store.Required.RetryAsync([id], time.GetUtcNow(), cancellationToken).ConfigureAwait(false) > 0;
        if (isReady)
        {
            inHand.LookIntoStore();
        }

        return isReady;
    }

    public async ValueTask<bool> DiscardAsync(long id, CancellationToken cancellationToken = default) =>
        await store.Required.DiscardAsync([id], time.GetUtcNow(), keepUntil: null, cancellationToken).ConfigureAwait(false) > 0;
}
