using Carillon.Hosting;
using Microsoft.Extensions.Options;

namespace Carillon.Deliveries.Internal;

/// <summary>The worker's steps without its loops: lease, run, settle.</summary>
internal sealed class DueDeliveryRunner(
    StoreSlot store, AttemptRunner runner, JointSettlement joint, DeliveriesInHand inHand, TimeProvider time, IOptions<WorkerOptions> options) : IDeliveryRunner
{
    public async ValueTask<int> RunDueAsync(int limit, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var request = new LeaseRequest(inHand.NewLease(), time.GetUtcNow(), Math.Min(limit, options.Value.BatchSize));
        var leased = await store.Required.LeaseAsync(request, cancellationToken).ConfigureAwait(false);
        foreach (var delivery in leased)
        {
            var settlement = await runner.RunAsync(delivery, cancellationToken).ConfigureAwait(false);
            // The outcome of what has run is worth writing, whoever gives up meanwhile.
            if (settlement.Leaves.Count > 0)
            {
                await joint.WriteAsync(settlement, CancellationToken.None).ConfigureAwait(false);
            }
            else
            {
                await store.Required.SettleAsync([settlement], CancellationToken.None).ConfigureAwait(false);
            }
        }

        return leased.Count;
    }
}
