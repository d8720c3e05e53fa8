using Carillon.Deliveries;

namespace Carillon.Transactions.Internal;

/// <summary>Where the deliveries of a dispatch go: into an open unit of work, or straight to the store.</summary>
internal interface IDeliverySink
{
    ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken);
}
