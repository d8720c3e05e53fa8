using Carillon.Transactions.Internal;

namespace Carillon.Deliveries.Internal;

/// <summary>
/// What an attempt leaves to be written together with its outcome: both are there or neither, so that an attempt which is made again has left nothing
/// behind the first time.
/// </summary>
internal sealed class AttemptOutbox : IDeliverySink
{
    internal List<NewDelivery> Deliveries { get; } = [];

    // Receipts would come with the outcome, when nobody of the attempt is there any more to read them.
    public ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, ICollection<DeliveryReceipt>? receipts, CancellationToken cancellationToken)
    {
        Deliveries.AddRange(deliveries);
        return ValueTask.CompletedTask;
    }
}
