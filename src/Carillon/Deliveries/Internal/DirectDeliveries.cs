using Carillon.Transactions.Internal;

namespace Carillon.Deliveries.Internal;

/// <summary>Where deliveries go that belong to no unit of work: to the store at once, committed before the dispatch returns.</summary>
internal sealed class DirectDeliveries(StoreSlot store, HandOver handOver) : IDeliverySink
{
    public async ValueTask AddAsync(
        IReadOnlyList<NewDelivery> deliveries, ICollection<DeliveryReceipt>? receipts, CancellationToken cancellationToken)
    {
        handOver.Claim(deliveries);
        try
        {
            await store.Required.AddAsync(deliveries, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            handOver.Abandon(deliveries);
            throw;
        }

        foreach (var delivery in receipts is null ? [] : deliveries)
        {
            receipts!.Add(new DeliveryReceipt(delivery.Id, delivery.ListenerId, delivery.IsDuplicate));
        }

        handOver.Committed(deliveries);
    }
}
