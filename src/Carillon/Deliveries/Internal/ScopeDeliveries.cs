using Carillon.Dispatch.Internal;
using Carillon.Transactions.Internal;

namespace Carillon.Deliveries.Internal;

/// <summary>Puts single deliveries where those of a dispatch in the same scope would go: into the open unit of work, or straight to the store.</summary>
internal sealed class ScopeDeliveries(DirectDeliveries direct)
{
    internal ValueTask AddAsync(EventDispatcher dispatcher, NewDelivery delivery, DeliveryOptions? options, CancellationToken cancellationToken) =>
        ((IDeliverySink?)dispatcher.FindWork(options) ?? dispatcher.FindOutbox(options) ?? direct).AddAsync([delivery], options?.Receipts, cancellationToken);
}
