namespace Carillon.Deliveries.InMemory;

/// <summary>Whose turn it is among the deliveries of one listener and key.</summary>
internal sealed class InMemoryTurns(InMemoryRows rows)
{
    /// <summary>The delivery that keeps this one from being leased now; null if it may be.</summary>
    internal InMemoryDelivery? FindBlocker(InMemoryDelivery row, DateTimeOffset now)
    {
        if (row.Delivery.Key is not { } key)
        {
            return null;
        }

        var leased = 0;
        foreach (var other in rows.OfKey(row))
        {
            if (other == row)
            {
                continue;
            }

            if (other.IsLeasedAt(now) && (key.IsOrdered || ++leased >= key.Limit))
            {
                return other;
            }

            if (key.IsOrdered && other.Id < row.Id && other.IsUnsettled && !(other.State == DeliveryState.Failed && key.SkipsFailed))
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>Makes the next ready, now that a delivery has changed its state.</summary>
    internal void PassOn(InMemoryDelivery row, DateTimeOffset now)
    {
        if (row.Delivery.Key is not { } key || (key.IsOrdered && row.IsUnsettled && !(row.State == DeliveryState.Failed && key.SkipsFailed)))
        {
            return;
        }

        foreach (var next in rows.OfKey(row))
        {
            if (next is { State: DeliveryState.Parked, Behind: not null })
            {
                next.Behind = null;
                rows.Move(next, DeliveryState.Ready, now);
                return;
            }
        }
    }
}
