namespace Carillon.Deliveries.Internal;

/// <summary>
/// Lets the worker of this process run what this process has just committed, without asking the store for it: the rows are written as leased,
/// and are there for a crash.
/// </summary>
internal sealed class HandOver(DeliveriesInHand inHand)
{
    /// <summary>Reserves places in the worker, before the deliveries are written. Without room they are written for whoever comes.</summary>
    internal void Claim(IReadOnlyList<NewDelivery> deliveries)
    {
        if (inHand.TryReserve(deliveries.Count) is not { } lease)
        {
            return;
        }

        foreach (var delivery in deliveries)
        {
            delivery.Lease = lease;
        }
    }

    /// <summary>The deliveries were not written, or may not have been: what was written after all is found when its lease ends.</summary>
    internal void Abandon(IReadOnlyList<NewDelivery> deliveries)
    {
        if (IsClaimed(deliveries))
        {
            inHand.Free(deliveries.Count);
        }
    }

    /// <summary>The deliveries are committed: they start now.</summary>
    internal void Committed(IReadOnlyList<NewDelivery> deliveries)
    {
        if (!IsClaimed(deliveries))
        {
            inHand.LookIntoStore();
            return;
        }

        if (inHand.HasEnded(deliveries[0].Lease!))
        {
            // The commit took longer than the lease: somebody may have them already.
            inHand.Free(deliveries.Count);
            inHand.LookIntoStore();
            return;
        }

        foreach (var delivery in deliveries)
        {
            inHand.Add(new HeldDelivery(FirstAttemptOf(delivery), delivery.Lease!.Until));
        }
    }

    private static bool IsClaimed(IReadOnlyList<NewDelivery> deliveries) => deliveries.Count > 0 && deliveries[0].Lease is not null;

    private static LeasedDelivery FirstAttemptOf(NewDelivery delivery) => new()
    {
        Id = delivery.Id,
        Token = 1,
        Attempt = 1,
        ListenerId = delivery.ListenerId,
        Envelope = delivery.Envelope,
    };
}
