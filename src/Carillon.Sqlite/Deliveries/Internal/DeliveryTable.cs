using Carillon.Deliveries;
using Carillon.Envelopes;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>What changes the table. Each method is to be called inside a transaction.</summary>
internal static class DeliveryTable
{
    internal static int Insert(SqliteSession session, IReadOnlyList<NewDelivery> deliveries)
    {
        var insert = session.Statement(DeliverySql.Insert);
        for (var i = 0; i < deliveries.Count; i++)
        {
            Insert(insert, deliveries[i]);
            deliveries[i].Id = session.LastId;
        }

        return deliveries.Count;
    }

    internal static void Insert(SqliteStatement insert, NewDelivery delivery)
    {
        var envelope = delivery.Envelope;
        if (delivery.Lease is { } lease)
        {
            insert.Bind(1, (long)DeliveryState.Leased).Bind(2, lease.Until).Bind(3, 1L).Bind(4, 1L).Bind(5, lease.Owner);
        }
        else
        {
            var state = delivery.DueAt <= envelope.Time ? DeliveryState.Ready : DeliveryState.Scheduled;
            insert.Bind(1, (long)state).Bind(2, delivery.DueAt).Bind(3, 0L).Bind(4, 0L).Bind(5, (string?)null);
        }

        insert
            .Bind(6, delivery.ListenerId)
            .Bind(7, envelope.Id)
            .Bind(8, envelope.EventName)
            .Bind(9, envelope.EventVersion)
            .Bind(10, envelope.Time)
            .Bind(11, envelope.CorrelationId)
            .Bind(12, envelope.CausationId)
            .Bind(13, envelope.TraceParent)
            .Bind(14, envelope.TraceState)
            .Bind(15, envelope.Payload.Span)
            .Step();
    }

    internal static IReadOnlyList<LeasedDelivery> Lease(SqliteSession session, LeaseRequest request)
    {
        var leased = new List<LeasedDelivery>();
        var due = session.Statement(DeliverySql.ReadDue).Bind(1, request.Now).Bind(2, request.MaxCount);
        while (due.Step())
        {
            leased.Add(ReadLeased(due));
        }

        // Nobody comes in between: the transaction has the write lock.
        var lease = session.Statement(DeliverySql.Lease).Bind(4, request.Lease.Until).Bind(5, request.Lease.Owner);
        foreach (var delivery in leased)
        {
            lease.Bind(1, delivery.Id).Bind(2, delivery.Token).Bind(3, delivery.Attempt).Step();
        }

        return leased;
    }

    internal static IReadOnlyList<LeasedDelivery> Extend(
        SqliteSession session, (IReadOnlyList<LeasedDelivery> Deliveries, DateTimeOffset Until) extension)
    {
        var lost = new List<LeasedDelivery>();
        var extend = session.Statement(DeliverySql.Extend);
        foreach (var delivery in extension.Deliveries)
        {
            if (extend.Bind(1, delivery.Id).Bind(2, delivery.Token).Bind(3, extension.Until).Execute() == 0)
            {
                lost.Add(delivery);
            }
        }

        return lost;
    }

    internal static IReadOnlyList<LeasedDelivery> Settle(SqliteSession session, IReadOnlyList<Settlement> settlements)
    {
        var lost = new List<LeasedDelivery>();
        for (var i = 0; i < settlements.Count; i++)
        {
            var settlement = settlements[i];
            var changed = settlement is { Outcome: DeliveryOutcome.Completed, KeepUntil: null }
                ? session.Statement(DeliverySql.Remove).Bind(1, settlement.Delivery.Id).Bind(2, settlement.Delivery.Token).Execute()
                : SettleAndKeep(session.Statement(DeliverySql.Settle), settlement);
            if (changed == 0)
            {
                lost.Add(settlement.Delivery);
            }
        }

        return lost;
    }

    /// <summary>Makes parked deliveries ready whose names are known now.</summary>
    internal static int Unpark(SqliteSession session, (KnownNames Known, DateTimeOffset Now) sweep)
    {
        var names = new List<(string EventName, string ListenerId)>();
        var parked = session.Statement(DeliverySql.ReadParkedNames);
        while (parked.Step())
        {
            names.Add((parked.GetString(0), parked.GetString(1)));
        }

        return names
            .Where(name => sweep.Known.EventNames.Contains(name.EventName) && sweep.Known.ListenerIds.Contains(name.ListenerId))
            .Sum(name => session.Statement(DeliverySql.Unpark).Bind(1, name.EventName).Bind(2, name.ListenerId).Bind(3, sweep.Now).Execute());
    }

    internal static int RemoveKept(SqliteSession session, (DateTimeOffset Now, int Most) sweep) =>
        session.Statement(DeliverySql.RemoveKept).Bind(1, sweep.Now).Bind(2, sweep.Most).Execute();

    internal static bool Retry(SqliteSession session, (long Id, DateTimeOffset Now) change) =>
        session.Statement(DeliverySql.Retry).Bind(1, change.Id).Bind(2, change.Now).Execute() > 0;

    internal static bool Discard(SqliteSession session, (long Id, DateTimeOffset Now) change) =>
        session.Statement(DeliverySql.Discard).Bind(1, change.Id).Bind(2, change.Now).Execute() > 0;

    /// <summary>Before it is queued: a caller's mistake is the caller's exception.</summary>
    internal static void Check(Settlement settlement)
    {
        if (!Enum.IsDefined(settlement.Outcome))
        {
            throw new ArgumentOutOfRangeException(nameof(settlement), settlement.Outcome, "Not an outcome of an attempt.");
        }

        if (settlement is { Outcome: DeliveryOutcome.Retry, RetryAt: null })
        {
            throw new ArgumentException(
                $"The settlement of delivery {settlement.Delivery.Id} is a retry and does not say when: set RetryAt.", nameof(settlement));
        }
    }

    private static int SettleAndKeep(SqliteStatement settle, Settlement settlement)
    {
        var (state, dueAt) = settlement.Outcome switch
        {
            DeliveryOutcome.Completed => (DeliveryState.Completed, settlement.At),
            DeliveryOutcome.Retry => (DeliveryState.Scheduled, settlement.RetryAt!.Value),
            DeliveryOutcome.Failed => (DeliveryState.Failed, settlement.At),
            DeliveryOutcome.Released => (DeliveryState.Ready, settlement.At),
            _ => (DeliveryState.Parked, settlement.At),
        };
        var completed = settlement.Outcome == DeliveryOutcome.Completed;
        return settle
            .Bind(1, settlement.Delivery.Id)
            .Bind(2, settlement.Delivery.Token)
            .Bind(3, (long)state)
            .Bind(4, dueAt)
            .Bind(5, completed ? UnixTicks.From(settlement.KeepUntil!.Value) : (long?)null)
            .Bind(6, settlement.Outcome is DeliveryOutcome.Released or DeliveryOutcome.Parked ? 1 : 0)
            .Bind(7, settlement.Outcome == DeliveryOutcome.Released ? 1 : 0)
            .Bind(8, completed ? null : settlement.Error)
            .Execute();
    }

    private static LeasedDelivery ReadLeased(SqliteStatement row) => new()
    {
        Id = row.GetLong(0),
        Token = row.GetLong(1),
        Attempt = row.GetInt(2),
        ListenerId = row.GetString(3),
        Envelope = new Envelope
        {
            Id = row.GetGuid(4),
            EventName = row.GetString(5),
            EventVersion = row.GetInt(6),
            Time = row.GetTime(7),
            CorrelationId = row.GetString(8),
            CausationId = row.GetNullableGuid(9),
            TraceParent = row.GetNullableString(10),
            TraceState = row.GetNullableString(11),
            Payload = row.GetBytes(12),
        },
    };
}
