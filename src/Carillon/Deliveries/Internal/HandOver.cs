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
        var count = CountFree(deliveries);
        if (count == 0 || inHand.TryReserve(count) is not { } lease)
        {
            return;
        }

        foreach (var delivery in deliveries)
        {
            if (IsFree(delivery))
            {
                delivery.Lease = lease;
            }
        }
    }

    /// <summary>The deliveries were not written, or may not have been: what was written after all is found when its lease ends.</summary>
    internal void Abandon(IReadOnlyList<NewDelivery> deliveries) => inHand.Free(CountClaimed(deliveries));

    /// <summary>The deliveries are committed: those that were claimed start now.</summary>
    internal void Committed(IReadOnlyList<NewDelivery> deliveries)
    {
        var leftInStore = false;
        foreach (var delivery in deliveries)
        {
            if (delivery.Lease is not { } lease)
            {
                leftInStore |= !delivery.IsDuplicate;
            }
            else if (delivery.IsDuplicate)
            {
                inHand.Free(1);
            }
            else if (inHand.HasEnded(lease))
            {
                // The commit took longer than the lease: somebody may have it already.
                inHand.Free(1);
                leftInStore = true;
            }
            else
            {
                inHand.Add(new HeldDelivery(FirstAttemptOf(delivery), lease.Until));
            }
        }

        if (leftInStore)
        {
            inHand.LookIntoStore();
        }
    }

    // What has a key waits for its turn, and what is due later for its time: only the store can tell when that is.
    private static bool IsFree(NewDelivery delivery) => delivery.Key is null && delivery.DueAt <= delivery.Envelope.Time;

    private static int CountFree(IReadOnlyList<NewDelivery> deliveries)
    {
        var count = 0;
        foreach (var delivery in deliveries)
        {
            count += IsFree(delivery) ? 1 : 0;
        }

        return count;
    }

    private static int CountClaimed(IReadOnlyList<NewDelivery> deliveries)
    {
        var count = 0;
        foreach (var delivery in deliveries)
        {
            count += delivery.Lease is not null ? 1 : 0;
        }

        return count;
    }

    private static LeasedDelivery FirstAttemptOf(NewDelivery delivery) => new()
    {
        Id = delivery.Id,
        Token = 1,
        Attempt = 1,
        ListenerId = delivery.ListenerId,
        Envelope = delivery.Envelope,
        Queue = delivery.Queue,
        DueAt = delivery.DueAt,
    };
}
