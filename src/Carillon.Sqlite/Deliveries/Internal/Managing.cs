using Carillon.Deliveries;
using Carillon.Sqlite.Sagas.Internal;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>What people and the application do about deliveries. Each method is to be called inside a transaction that has the write lock.</summary>
internal static class Managing
{
    internal static int Retry(SqliteSession session, (IReadOnlyList<long> Ids, DateTimeOffset Now) change)
    {
        var ready = 0;
        foreach (var id in change.Ids)
        {
            if (DeliveryRow.Find(session, id) is not { IsWaiting: false, State: not DeliveryState.Leased } row
                || !UniqueKeys.TryTakeAgain(session, row, change.Now))
            {
                continue;
            }

            (row.State, row.DueAt) = (DeliveryState.Ready, change.Now);
            (row.Attempt, row.Error, row.IsCancelRequested, row.KeepUntil) = (0, null, false, null);
            row.Save(session);
            ready++;
        }

        return ready;
    }

    internal static int Discard(SqliteSession session, (IReadOnlyList<long> Ids, DateTimeOffset Now, DateTimeOffset? KeepUntil) change)
    {
        var discarded = 0;
        foreach (var id in change.Ids)
        {
            if (DeliveryRow.Find(session, id) is { CanBeGivenUp: true } row)
            {
                GiveUp(session, row, DeliveryState.Discarded, change.Now, change.KeepUntil);
                discarded++;
            }
        }

        return discarded;
    }

    internal static IReadOnlyList<CancelResult> Cancel(
        SqliteSession session, (IReadOnlyList<long> Ids, DateTimeOffset Now, DateTimeOffset? KeepUntil) change) =>
        change.Ids.Select(id => Cancel(session, DeliveryRow.Find(session, id), change.Now, change.KeepUntil)).ToList();

    internal static bool Reschedule(SqliteSession session, (long Id, DateTimeOffset DueAt, DateTimeOffset Now) change)
    {
        if (DeliveryRow.Find(session, change.Id) is not { IsWaiting: true } row)
        {
            return false;
        }

        (row.State, row.DueAt) = (change.DueAt <= change.Now ? DeliveryState.Ready : DeliveryState.Scheduled, change.DueAt);
        row.Save(session);
        Turns.PassOn(session, row, change.Now); // it may have had a turn that it does not take now
        return true;
    }

    /// <summary>Makes parked deliveries ready whose names are known now.</summary>
    internal static int Unpark(SqliteSession session, SweepRequest request)
    {
        var names = new List<(string EventName, string ListenerId)>();
        var parked = session.Statement(ManagingSql.ReadUnknownNames);
        while (parked.Step())
        {
            names.Add((parked.GetString(0), parked.GetString(1)));
        }

        return names
            .Where(name => request.Known.EventNames.Contains(name.EventName) && request.Known.ListenerIds.Contains(name.ListenerId))
            .Sum(name => session.Statement(ManagingSql.Unpark).Bind(1, name.EventName).Bind(2, name.ListenerId).Bind(3, request.Now).Execute());
    }

    /// <summary>Removes deliveries, and what the inbox has noted, that need not be kept any longer.</summary>
    /// <returns>Whether there may be more.</returns>
    internal static bool RemoveKept(SqliteSession session, (DateTimeOffset Now, int Most) sweep)
    {
        var over = new List<(long Id, int Failures, bool HasKey)>();
        var kept = session.Statement(ManagingSql.ReadKept).Bind(1, sweep.Now).Bind(2, sweep.Most);
        while (kept.Step())
        {
            over.Add((kept.GetLong(0), kept.GetInt(1), kept.GetInt(2) != 0));
        }

        foreach (var (id, failures, hasKey) in over)
        {
            // One that failed has kept others from their turn until now.
            var row = hasKey ? DeliveryRow.Find(session, id) : null;
            DeliveryRow.Remove(session, id, failures);
            if (row is not null)
            {
                Turns.PassOn(session, row, sweep.Now);
            }
        }

        var seen = session.Statement(ManagingSql.RemoveSeen).Bind(1, sweep.Now).Bind(2, sweep.Most).Execute();
        var sagas = SagaTable.RemoveKept(session, sweep.Now, sweep.Most);
        return over.Count == sweep.Most || seen == sweep.Most || sagas == sweep.Most;
    }

    private static CancelResult Cancel(SqliteSession session, DeliveryRow? row, DateTimeOffset now, DateTimeOffset? keepUntil)
    {
        if (row?.State == DeliveryState.Leased)
        {
            row.IsCancelRequested = true;
            row.Save(session);
            return CancelResult.Requested;
        }

        if (row is not { CanBeGivenUp: true })
        {
            return CancelResult.TooLate;
        }

        GiveUp(session, row, DeliveryState.Cancelled, now, keepUntil);
        return CancelResult.Cancelled;
    }

    private static void GiveUp(SqliteSession session, DeliveryRow row, DeliveryState state, DateTimeOffset now, DateTimeOffset? keepUntil)
    {
        Settling.End(session, row, state, now, keepUntil);
        Turns.PassOn(session, row, now);
    }
}
