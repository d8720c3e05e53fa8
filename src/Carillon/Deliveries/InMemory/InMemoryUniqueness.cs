namespace Carillon.Deliveries.InMemory;

/// <summary>Which unique keys are taken, and by which delivery.</summary>
internal sealed class InMemoryUniqueness(InMemoryRows rows)
{
    private readonly Dictionary<string, InMemoryDelivery> _taken = new(StringComparer.Ordinal);

    /// <summary>The delivery that keeps a new one out; null if there is none.</summary>
    internal InMemoryDelivery? FindFirst(NewDelivery delivery) =>
        delivery.Unique is { } unique ? FindHolder(unique.Key, delivery.Envelope.Time) : null;

    internal void Take(InMemoryDelivery row)
    {
        if (row.Delivery.Unique is { } unique)
        {
            _taken[unique.Key] = row;
            row.HoldsUnique = true;
        }
    }

    /// <summary>Puts a later event in the place of one that waits.</summary>
    internal void Replace(InMemoryDelivery first, NewDelivery later)
    {
        if (!later.Unique!.Replaces || first is not { State: DeliveryState.Scheduled or DeliveryState.Ready or DeliveryState.Parked })
        {
            return;
        }

        first.Envelope = later.Envelope;
        var latest = later.Unique.MaxWait is { } wait && wait < DateTimeOffset.MaxValue - first.Delivery.Envelope.Time ? first.Delivery.Envelope.Time + wait : DateTimeOffset.MaxValue;
        var dueAt = later.DueAt < latest ? later.DueAt : latest;

        // One that waits for its name has no due time, one that has failed keeps that of its next attempt; one that waits for its turn is parked anew when it is due and still has to wait.
        if (first is { Attempt: 0 } and not { State: DeliveryState.Parked, Behind: null })
        {
            rows.Move(first, dueAt <= later.Envelope.Time ? DeliveryState.Ready : DeliveryState.Scheduled, dueAt);
        }
    }

    internal void Starts(InMemoryDelivery row)
    {
        if (row is { HoldsUnique: true, Delivery.Unique: { Until: UniqueUntil.Started, EndsAt: null } })
        {
            Release(row);
        }
    }

    /// <summary>A delivery waits again; false if a newer one has taken its place meanwhile.</summary>
    internal bool TryTakeAgain(InMemoryDelivery row, DateTimeOffset now)
    {
        if (row.HoldsUnique || row.Delivery.Unique is not { EndsAt: null } unique)
        {
            return true;
        }

        if (FindHolder(unique.Key, now) is not null)
        {
            return false;
        }

        Take(row);
        return true;
    }

    /// <summary>A delivery is over: it counts on only for a period.</summary>
    /// <returns>Until when it is to be kept for that.</returns>
    internal DateTimeOffset? Ends(InMemoryDelivery row, DateTimeOffset now)
    {
        if (!row.HoldsUnique)
        {
            return null;
        }

        if (row.Delivery.Unique!.EndsAt is { } end && end > now)
        {
            return end;
        }

        Release(row);
        return null;
    }

    private InMemoryDelivery? FindHolder(string key, DateTimeOffset now)
    {
        if (!_taken.TryGetValue(key, out var holder))
        {
            return null;
        }

        if (holder.Delivery.Unique!.EndsAt <= now)
        {
            Release(holder);
            return null;
        }

        return holder;
    }

    internal void Release(InMemoryDelivery row)
    {
        if (row.HoldsUnique)
        {
            _taken.Remove(row.Delivery.Unique!.Key);
            row.HoldsUnique = false;
        }
    }
}
