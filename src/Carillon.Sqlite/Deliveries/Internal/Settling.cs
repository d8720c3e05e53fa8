using Carillon.Deliveries;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>Settles deliveries. Each method is to be called inside a transaction that has the write lock.</summary>
internal static class Settling
{
    /// <returns>Those whose lease was lost.</returns>
    internal static IReadOnlyList<LeasedDelivery> Settle(SqliteSession session, IReadOnlyList<Settlement> settlements)
    {
        List<LeasedDelivery>? lost = null;
        SqliteStatement? removePlain = null;
        for (var i = 0; i < settlements.Count; i++)
        {
            var settlement = settlements[i];

            // Nearly all are of this kind, and touch one row and nothing else.
            if (settlement is { Outcome: DeliveryOutcome.Completed, KeepUntil: null }
                && (removePlain ??= session.Statement(DeliverySql.RemovePlain))
                    .Bind(1, settlement.Delivery.Id).Bind(2, settlement.Delivery.Token).Execute() != 0)
            {
                continue;
            }

            if (DeliveryRow.Find(session, settlement.Delivery.Id) is { State: DeliveryState.Leased } row && row.Token == settlement.Delivery.Token)
            {
                Settle(session, row, settlement);
            }
            else
            {
                (lost ??= []).Add(settlement.Delivery);
            }
        }

        return (IReadOnlyList<LeasedDelivery>?)lost ?? [];
    }

    /// <summary>A delivery is over: it is saved in its last state, or removed.</summary>
    internal static void End(SqliteSession session, DeliveryRow row, DeliveryState state, DateTimeOffset at, DateTimeOffset? keepUntil)
    {
        var uniqueUntil = UniqueKeys.End(row, at);
        (row.State, row.DueAt, row.IsCancelRequested) = (state, at, false);
        if (state == DeliveryState.Completed && keepUntil is null && uniqueUntil is null)
        {
            row.Remove(session);
            return;
        }

        row.KeepUntil = state == DeliveryState.Completed || keepUntil is not null ? Later(keepUntil, uniqueUntil) : null;
        row.Save(session);
    }

    private static void Settle(SqliteSession session, DeliveryRow row, Settlement settlement)
    {
        row.Error = settlement.Outcome is DeliveryOutcome.Completed ? null : settlement.Error ?? row.Error;
        if (settlement.Outcome is DeliveryOutcome.Retry or DeliveryOutcome.Failed)
        {
            AddFailedAttempt(session, row, settlement);
        }

        if (settlement.Outcome is DeliveryOutcome.Released or DeliveryOutcome.Parked or DeliveryOutcome.Snoozed)
        {
            row.Attempt--;
        }

        switch (OutcomeOf(row, settlement))
        {
            case DeliveryOutcome.Retry or DeliveryOutcome.Snoozed:
                ComeAgain(session, row, DeliveryState.Scheduled, settlement.RetryAt!.Value, settlement);
                break;
            case DeliveryOutcome.Released:
                ComeAgain(session, row, DeliveryState.Ready, settlement.At, settlement);
                break;
            case DeliveryOutcome.Parked:
                ComeAgain(session, row, DeliveryState.Parked, settlement.At, settlement);
                break;
            case DeliveryOutcome.Completed:
                End(session, row, DeliveryState.Completed, settlement.At, settlement.KeepUntil);
                break;
            case DeliveryOutcome.Failed:
                End(session, row, DeliveryState.Failed, settlement.At, settlement.KeepUntil);
                break;
            case DeliveryOutcome.Discarded:
                End(session, row, DeliveryState.Discarded, settlement.At, settlement.KeepUntil);
                break;
            case DeliveryOutcome.Cancelled:
                End(session, row, DeliveryState.Cancelled, settlement.At, settlement.KeepUntil);
                break;
        }

        Turns.PassOn(session, row, settlement.At);
    }

    private static DeliveryOutcome OutcomeOf(DeliveryRow row, Settlement settlement) =>
        row.IsCancelRequested && settlement.Outcome is not (DeliveryOutcome.Completed or DeliveryOutcome.Discarded) ? DeliveryOutcome.Cancelled : settlement.Outcome;

    private static void ComeAgain(SqliteSession session, DeliveryRow row, DeliveryState state, DateTimeOffset dueAt, Settlement settlement)
    {
        if (UniqueKeys.TryTakeAgain(session, row, settlement.At))
        {
            (row.State, row.DueAt) = (state, dueAt);
            row.Save(session);
            return;
        }

        row.Error = Settlement.SupersededReason;
        End(session, row, DeliveryState.Discarded, settlement.At, settlement.KeepUntil);
    }

    private static void AddFailedAttempt(SqliteSession session, DeliveryRow row, Settlement settlement)
    {
        row.Failures++;
        session.Statement(DeliverySql.AddAttempt)
            .Bind(1, row.Id).Bind(2, row.Attempt).Bind(3, settlement.At).Bind(4, settlement.Error ?? "")
            .Step();
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;
}
