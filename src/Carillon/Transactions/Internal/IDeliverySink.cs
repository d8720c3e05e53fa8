using Carillon.Deliveries;

namespace Carillon.Transactions.Internal;

/// <summary>Where the deliveries of a dispatch go: into an open unit of work, or straight to the store.</summary>
internal interface IDeliverySink
{
    /// <param name="deliveries">The deliveries.</param>
    /// <param name="receipts">Told of each once it is committed; null if nobody asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, ICollection<DeliveryReceipt>? receipts, CancellationToken cancellationToken);
}
