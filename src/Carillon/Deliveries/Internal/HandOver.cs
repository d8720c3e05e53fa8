namespace Carillon.Deliveries.Internal;

/// <summary>
/// Lets the worker of this process run what this process has just committed, without asking the store for it: the rows are written as leased,
/// and are there for a crash.
/// </summary>
internal sealed class HandOver(DeliveriesInHand inHand, StoreSlot store, DeliveryMetrics metrics)
{
    /// <summary>Reserves places in the worker, before the deliveries are written. Without room they are written for whoever comes.</summary>
    /// <param name="deliveries">The deliveries.</param>
    /// <param name="inTurn">Whether the store tells whose turn it is while it writes them.</param>
    internal void Claim(IReadOnlyList<NewDelivery> deliveries, bool inTurn = false)
    {
        if (deliveries.Count == 0 || !inHand.Claims.TryBegin())
        {
            return;
        }

        var claimed = false;
        DeliveryLease? lease = null;
        Lane? last = null;
        for (var index = 0; index < deliveries.Count; index++)
        {
            var delivery = deliveries[index];
            if (!IsFree(delivery, inTurn))
            {
                continue;
            }

            var lane = last is not null && ReferenceEquals(last.Queue, delivery.Queue) ? last : inHand.Find(delivery.Queue);
            if (lane?.TryReserve() is not true)
            {
                continue;
            }

            lease = lease is not null && lane == last ? lease : inHand.NewLease(lane.Settings);
            last = lane;
            claimed = true;
            (delivery.Lease, delivery.Lane) = (lease, lane);
        }

        if (!claimed)
        {
            inHand.Claims.End();
        }
    }

    /// <summary>The deliveries were not written, or may not have been: what was written after all is found when its lease ends.</summary>
    internal void Abandon(IReadOnlyList<NewDelivery> deliveries)
    {
        var claimed = false;
        foreach (var delivery in deliveries)
        {
            delivery.Lane?.Free(1);
            claimed |= delivery.Lane is not null;
        }

        EndClaim(claimed);
    }

    /// <summary>The deliveries are committed: those that were claimed start now.</summary>
    internal void Committed(IReadOnlyList<NewDelivery> deliveries)
    {
        metrics.Stored(deliveries);
        var claimed = false;
        var announce = false;
        for (var index = 0; index < deliveries.Count; index++)
        {
            var delivery = deliveries[index];
            if (delivery is { Lane: { } lane, Lease: { } lease })
            {
                claimed = true;
                HandOverTo(lane, delivery, lease);
            }
            else if (!delivery.IsDuplicate)
            {
                if (delivery.Lane is { } kept)
                {
                    // It was not its turn.
                    claimed = true;
                    kept.Free(1);
                }

                announce |= !LookIntoStore(delivery.Queue);
            }
        }

        EndClaim(claimed);
        if (announce)
        {
            store.Optional?.Announce();
        }
    }

    /// <summary>They are committed and were never claimed.</summary>
    internal void CommittedUnclaimed(IReadOnlyList<NewDelivery> deliveries)
    {
        metrics.Stored(deliveries);
        LookIntoStore();
    }

    /// <summary>Something was left in the store, or may have been, in whichever queue, by somebody who does not know where.</summary>
    internal void LookIntoStore()
    {
        inHand.LookIntoStore();
        store.Optional?.Announce();
    }

    // What has a key waits for its turn, and what is due later for its time: only the store can tell when that is.
    private static bool IsFree(NewDelivery delivery, bool inTurn) =>
        (delivery.Key is null || (inTurn && delivery is { Key.IsOrdered: true, Unique: null })) && delivery.DueAt <= delivery.Envelope.Time;

    private void HandOverTo(Lane lane, NewDelivery delivery, DeliveryLease lease)
    {
        if (delivery.IsDuplicate)
        {
            lane.Free(1);
        }
        else if (inHand.HasEnded(lease))
        {
            // The commit took longer than the lease: somebody may have it already.
            lane.Free(1);
            lane.LookIntoStore();
        }
        else
        {
            var held = new HeldDelivery(FirstAttemptOf(delivery), lease.Until, lane);
            if (!inHand.TryAdd(held))
            {
                // The lease ends by itself and another worker finds the delivery.
                inHand.Remove(held);
            }
        }
    }

    /// <returns>Whether this process fetches it at once; if not, others are to know of it.</returns>
    private bool LookIntoStore(string queue)
    {
        if (inHand.Find(queue) is not { } lane)
        {
            return false;
        }

        lane.LookIntoStore();
        return lane.HasRoom && inHand.Claims.AreOpen;
    }

    private void EndClaim(bool claimed)
    {
        if (claimed)
        {
            inHand.Claims.End();
        }
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
        Key = delivery.Key?.Value,
    };
}
