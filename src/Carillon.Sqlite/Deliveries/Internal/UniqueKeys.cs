using Carillon.Deliveries;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>Which unique keys are taken. Each method is to be called inside a transaction that has the write lock.</summary>
internal static class UniqueKeys
{
    /// <summary>
    /// Whether an equal delivery that is there keeps a new one out, which is marked as a duplicate then, and may have given its event to the other one.
    /// </summary>
    internal static bool KeepsOut(SqliteSession session, NewDelivery delivery, DeliveryUniqueness unique)
    {
        if (FindHolder(session, unique.Key) is not { } first)
        {
            return false;
        }

        if (first.EndsAt <= delivery.Envelope.Time)
        {
            session.Statement(UniqueSql.Release).Bind(1, first.Id).Step();
            return false;
        }

        (delivery.IsDuplicate, delivery.Id) = (true, first.Id);
        if (unique.Replaces && first is { Attempt: 0, State: DeliveryState.Scheduled or DeliveryState.Ready or DeliveryState.Parked })
        {
            Replace(session, first, delivery, unique);
        }

        return true;
    }

    /// <summary>A delivery waits again; false if a newer one has taken its place meanwhile.</summary>
    internal static bool TryTakeAgain(SqliteSession session, DeliveryRow row)
    {
        if (row.HoldsUnique || row.Unique is not { UntilStarted: true, EndsAt: null } unique)
        {
            return true;
        }

        row.HoldsUnique = FindHolder(session, unique.Key) is null;
        return row.HoldsUnique;
    }

    /// <summary>A delivery is over: it counts on only for a period.</summary>
    /// <returns>Until when it is to be kept for that.</returns>
    internal static DateTimeOffset? End(DeliveryRow row, DateTimeOffset now)
    {
        var until = row.HoldsUnique && row.Unique?.EndsAt is { } end && end > now ? end : (DateTimeOffset?)null;
        row.HoldsUnique = until is not null;
        return until;
    }

    private static Holder? FindHolder(SqliteSession session, string key)
    {
        var statement = session.Statement(UniqueSql.FindHolder).Bind(1, key);
        if (!statement.Step())
        {
            return null;
        }

        var holder = new Holder(
            statement.GetLong(0), (DeliveryState)statement.GetInt(1), statement.GetInt(2), statement.GetNullableTime(3), statement.GetTime(4));
        statement.Reset();
        return holder;
    }

    private static void Replace(SqliteSession session, Holder first, NewDelivery later, DeliveryUniqueness unique)
    {
        var latest = unique.MaxWait is { } wait && wait < DateTimeOffset.MaxValue - first.Since ? first.Since + wait : DateTimeOffset.MaxValue;
        var dueAt = later.DueAt < latest ? later.DueAt : latest;
        var replace = first.State == DeliveryState.Parked
            ? session.Statement(UniqueSql.ReplaceEventOfParked)
            : session.Statement(UniqueSql.ReplaceEvent)
                .Bind(2, (long)(dueAt <= later.Envelope.Time ? DeliveryState.Ready : DeliveryState.Scheduled))
                .Bind(3, dueAt);
        DeliveryTable.BindEnvelope(replace.Bind(1, first.Id), 4, later.Envelope).Step();
    }

    private sealed record Holder(long Id, DeliveryState State, int Attempt, DateTimeOffset? EndsAt, DateTimeOffset Since);
}
