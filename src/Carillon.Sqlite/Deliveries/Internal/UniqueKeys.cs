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
        if (FindHolder(session, unique.Key, delivery.Envelope.Time) is not { } first)
        {
            return false;
        }

        (delivery.IsDuplicate, delivery.Id) = (true, first.Id);
        if (unique.Replaces && first.IsWaiting)
        {
            Replace(session, first, delivery, unique);
        }

        if (DeliveryRow.Find(session, first.Id) is { Key: not null } row)
        {
            Turns.PassOn(session, row, delivery.Envelope.Time);
        }

        return true;
    }

    /// <summary>A delivery waits again; false if a newer one has taken its place meanwhile.</summary>
    internal static bool TryTakeAgain(SqliteSession session, DeliveryRow row, DateTimeOffset now)
    {
        if (row.HoldsUnique || row.Unique is not { EndsAt: null } unique)
        {
            return true;
        }

        row.HoldsUnique = FindHolder(session, unique.Key, now) is null;
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

    /// <summary>The delivery that has a key at some time.</summary>
    private static Holder? FindHolder(SqliteSession session, string key, DateTimeOffset now)
    {
        var statement = session.Statement(UniqueSql.FindHolder).Bind(1, key);
        if (!statement.Step())
        {
            return null;
        }

        var holder = new Holder(statement.GetLong(0), statement.GetInt(1), statement.GetInt(2), statement.GetTime(4));
        var endsAt = statement.GetNullableTime(3);
        statement.Reset();
        if (!(endsAt <= now))
        {
            return holder;
        }

        session.Statement(UniqueSql.Release).Bind(1, holder.Id).Step();
        return null;
    }

    private static void Replace(SqliteSession session, Holder first, NewDelivery later, DeliveryUniqueness unique)
    {
        var latest = unique.MaxWait is { } wait && wait < DateTimeOffset.MaxValue - first.Since ? first.Since + wait : DateTimeOffset.MaxValue;
        var dueAt = later.DueAt < latest ? later.DueAt : latest;
        var replace = first.State == (int)DeliveryState.Parked || first.Attempt > 0
            ? session.Statement(UniqueSql.ReplaceEventAlone)
            : session.Statement(UniqueSql.ReplaceEvent)
                .Bind(2, (long)(dueAt <= later.Envelope.Time ? DeliveryState.Ready : DeliveryState.Scheduled))
                .Bind(3, dueAt);
        DeliveryTable.BindEnvelope(replace.Bind(1, first.Id), 4, later.Envelope).Step();
    }

    /// <param name="Id">The id.</param>
    /// <param name="State">The state, as it is in the table.</param>
    /// <param name="Attempt">How many attempts have begun.</param>
    /// <param name="Since">When the first of the events that took the place of one another was dispatched.</param>
    private sealed record Holder(long Id, int State, int Attempt, DateTimeOffset Since)
    {
        internal bool IsWaiting =>
            State is (int)DeliveryState.Scheduled or (int)DeliveryState.Ready or (int)DeliveryState.Parked or DeliveryRow.Behind;
    }
}
