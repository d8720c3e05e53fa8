using Carillon.Diagnostics.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Deliveries.Internal;

/// <summary>Extends the leases of what this process has in hand, and tells the attempts whose lease was lost.</summary>
internal sealed class LeaseKeeper(StoreSlot store, DeliveriesInHand inHand, DeliveryMetrics metrics, TimeProvider time, Loggers loggers)
{
    private readonly ILogger _logger = loggers.Worker;

    // As it was when the last round began: the transaction may end while the lease waits for it.
    private DateTimeOffset? _heldSince;

    // Three chances to reach the store within one lease.
    private TimeSpan Interval => inHand.ShortestLease / 3;

    internal Task RunAsync(CancellationToken stop) => PeriodicWork.RunAsync(Interval, time, ExtendAsync, SayFailed, stop);

    private void SayFailed(Exception exception)
    {
        Log.StoreUnavailable(_logger, "extended leases", Interval, exception);
        LoseThoseThatEnded();
    }

    // Queues whose leases last equally long, as most do, share a round trip.
    private async ValueTask ExtendAsync(CancellationToken stop)
    {
        _heldSince = FindHeldSince();
        foreach (var alike in inHand.Held.Where(static held => !held.IsLost).GroupBy(static held => held.Lane.Settings.LeaseDuration))
        {
            var until = time.GetUtcNow() + alike.Key;
            // What was leased a moment ago can wait for the next tick; most deliveries are settled by then.
            var recently = alike.Key / 4;
            var atRisk = alike.Where(held => until - held.LeasedUntil > recently).ToList();
            if (atRisk.Count > 0)
            {
                await ExtendAsync(atRisk, until, stop).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask ExtendAsync(List<HeldDelivery> atRisk, DateTimeOffset until, CancellationToken stop)
    {
        var extended = await store.Required.ExtendAsync(atRisk.ConvertAll(held => held.Delivery), until, stop).ConfigureAwait(false);
        var lostIds = extended.Lost.Select(delivery => delivery.Id).ToHashSet();
        var cancelledIds = extended.Cancelled.Select(delivery => delivery.Id).ToHashSet();
        foreach (var held in atRisk)
        {
            if (!lostIds.Contains(held.Delivery.Id))
            {
                held.LeasedUntil = until;
                if (cancelledIds.Contains(held.Delivery.Id))
                {
                    held.CancelByRequest();
                }
            }
            else if (!held.HasEnded && !held.IsSettling)
            {
                Lose(held);
            }
        }
    }

    // What was ours when a listener's transaction began to hold the store is ours still, though no lease could be extended: nobody else could lease it either. Should somebody be quicker when it
    // has ended, the token of the lease tells.
    private void LoseThoseThatEnded()
    {
        var now = time.GetUtcNow();
        var heldSince = _heldSince ?? FindHeldSince();
        foreach (var held in inHand.Held.Where(held => !held.IsLost && !held.IsSettling && held.LeasedUntil <= now && !(heldSince <= held.LeasedUntil)))
        {
            Lose(held);
        }
    }

    private DateTimeOffset? FindHeldSince() => inHand.Held.Min(static held => held.HoldsStoreSince);

    private void Lose(HeldDelivery held)
    {
        Log.LeaseLost(_logger, held.Delivery.ListenerId, held.Delivery.Envelope.EventName, held.Delivery.Envelope.Id);
        metrics.LeaseLost(held.Delivery);
        held.Lose();
    }
}
