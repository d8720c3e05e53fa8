using Carillon.Deliveries.Internal;
using Carillon.Dispatch.Internal;

namespace Carillon.Jobs.Internal;

/// <summary>Stores the jobs of one scope.</summary>
internal sealed class StoredJobs(EventDispatcher dispatcher, JobDeliveries deliveries, ScopeDeliveries scope) : IJobs
{
    public async ValueTask<DeliveryReceipt?> PushAsync(IJob job, DeliveryOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        options?.Check();
        var delivery = await scope.AddAsync(dispatcher, () => deliveries.Of(job, options, dispatcher.Cause), options, cancellationToken).ConfigureAwait(false);
        return delivery.Id > 0 ? new DeliveryReceipt(delivery.Id, delivery.ListenerId, delivery.IsDuplicate) : null;
    }
}
