using Carillon.Dispatch.Internal;

namespace Carillon.Deliveries.Internal;

/// <summary>Puts single deliveries where those of a dispatch in the same scope would go: into the open unit of work, or straight to the store.</summary>
internal sealed class ScopeDeliveries(DirectDeliveries direct)
{
    internal async ValueTask AddAsync(EventDispatcher dispatcher, NewDelivery delivery, DeliveryOptions? options, CancellationToken cancellationToken)
    {
        var work = options is { OutsideTransaction: true } ? null : dispatcher.UnitOfWork ?? dispatcher.Outbox;
        await (work ?? direct).AddAsync([delivery], cancellationToken).ConfigureAwait(false);
        if (work is null)
        {
            options?.Receipts?.Add(new DeliveryReceipt(delivery.Id, delivery.ListenerId, delivery.IsDuplicate));
        }
    }
}
