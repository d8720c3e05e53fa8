namespace Carillon.Deliveries.InMemory;

/// <summary>Whose turn it is among the deliveries of one listener and key.</summary>
internal sealed class InMemoryTurns(InMemoryRows rows)
{
    /// <summary>The delivery that keeps this one from being leased now; null if it may be.</summary>
    internal InMemoryDelivery? FindBlocker(InMemoryDelivery row, DateTimeOffset now)
    {
        if (row.Delivery.Key is not { } key || rows.OfKey(row) is not { } others)
        {
            return null;
        }

        return key.IsOrdered
            ? FindBefore(row, key, others) ?? others.Leased.FirstOrDefault(other => other != row && other.IsLeasedAt(now))
            : others.Leased.Where(other => other != row && other.IsLeasedAt(now)).ElementAtOrDefault(key.Limit - 1);
    }

    /// <summary>
    /// Makes those ready that nothing blocks any more, now that a delivery of their key has changed. They are asked for anew, since which one was behind which says
    /// little: one that is retried by a person is behind a later one, and that one, once it comes again, behind the first.
    /// </summary>
    internal void PassOn(InMemoryDelivery row, DateTimeOffset now)
    {
        if (row.Delivery.Key is null || rows.OfKey(row) is not { } others)
        {
            return;
        }

        if (others.OrderedBehind.Min is { } next && FindBlocker(next, now) is null)
        {
            Unpark(next, now);
        }

        var running = others.LimitedBehind.Count == 0 ? 0 : others.Leased.Count(other => other.IsLeasedAt(now));
        while (others.LimitedBehind.Min is { } waiting && running++ < waiting.Delivery.Key!.Limit)
        {
            Unpark(waiting, now);
        }
    }

    private static InMemoryDelivery? FindBefore(InMemoryDelivery row, DeliveryKey key, InMemoryKey others)
    {
        foreach (var other in others.Unsettled)
        {
            if (other.Id >= row.Id)
            {
                break;
            }

            if (other.State != DeliveryState.Failed || !key.SkipsFailed)
            {
                return other;
            }
        }

        return null;
    }

    // With the due time that it had: it has waited since then, and whoever came later does not overtake it.
    private void Unpark(InMemoryDelivery row, DateTimeOffset now) =>
        rows.Move(row, row.DueAt <= now ? DeliveryState.Ready : DeliveryState.Scheduled, row.DueAt);
}
