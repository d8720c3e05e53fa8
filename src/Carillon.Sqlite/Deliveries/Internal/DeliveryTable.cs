using Carillon.Deliveries;
using Carillon.Envelopes;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>Writes deliveries and extends their leases. Each method is to be called inside a transaction that has the write lock.</summary>
internal static class DeliveryTable
{
    /// <summary>From so many on a statement that writes several is worth its preparation.</summary>
    private const int WorthInsertMany = 3 * DeliverySql.Many;

    internal static int Insert(SqliteSession session, IReadOnlyList<NewDelivery> deliveries)
    {
        SqliteStatement? insert = null;
        for (var i = 0; i < deliveries.Count; i++)
        {
            if (deliveries.Count >= WorthInsertMany && TryInsertMany(session, deliveries, i))
            {
                i += DeliverySql.Many - 1;
                continue;
            }

            var delivery = deliveries[i];

            // Set in any case: a call that was rolled back with others is made again.
            delivery.IsDuplicate = false;
            if (IsPlain(delivery))
            {
                BindEvent(insert ??= session.Statement(DeliverySql.Insert), 1, delivery).Step();
            }
            else if (delivery.Unique is { } unique && UniqueKeys.KeepsOut(session, delivery, unique))
            {
                continue;
            }
            else
            {
                BindRest(BindEvent(session.Statement(DeliverySql.InsertAll), 1, delivery), delivery).Step();
            }

            delivery.Id = session.LastId;
        }

        return deliveries.Count;
    }

    internal static bool NeedsToRead(IReadOnlyList<NewDelivery> deliveries)
    {
        for (var i = 0; i < deliveries.Count; i++)
        {
            if (deliveries[i].Unique is not null)
            {
                return true;
            }
        }

        return false;
    }

    internal static ExtendedLeases Extend(SqliteSession session, (IReadOnlyList<LeasedDelivery> Deliveries, DateTimeOffset Until) extension)
    {
        List<LeasedDelivery> lost = [];
        List<LeasedDelivery> cancelled = [];
        var extend = session.Statement(DeliverySql.Extend);
        foreach (var delivery in extension.Deliveries)
        {
            if (!extend.Bind(1, delivery.Id).Bind(2, delivery.Token).Bind(3, extension.Until).Step())
            {
                lost.Add(delivery);
                continue;
            }

            if (extend.GetInt(0) != 0)
            {
                cancelled.Add(delivery);
            }

            extend.Reset();
        }

        return new ExtendedLeases(lost, cancelled);
    }

    /// <summary>What an event is stored as, from parameter <paramref name="first"/> on.</summary>
    internal static SqliteStatement BindEnvelope(SqliteStatement statement, int first, Envelope envelope) =>
        statement
            .Bind(first, envelope.Id)
            .Bind(first + 1, envelope.EventName)
            .Bind(first + 2, envelope.EventVersion)
            .Bind(first + 3, envelope.Time)
            .Bind(first + 4, envelope.CorrelationId)
            .Bind(first + 5, envelope.CausationId)
            .Bind(first + 6, envelope.TraceParent)
            .Bind(first + 7, envelope.TraceState)
            .Bind(first + 8, envelope.Payload.Span);

    private static bool IsPlain(NewDelivery delivery) =>
        delivery is { Key: null, Unique: null, Priority: DeliveryPriority.Normal, Queue: Queues.Default };

    private static bool TryInsertMany(SqliteSession session, IReadOnlyList<NewDelivery> deliveries, int first)
    {
        var end = first + DeliverySql.Many;
        for (var i = first; i < end; i++)
        {
            if (i == deliveries.Count || !IsPlain(deliveries[i]))
            {
                return false;
            }
        }

        var insert = session.Statement(DeliverySql.InsertMany);
        for (var i = first; i < end; i++)
        {
            BindEvent(insert, ((i - first) * DeliverySql.InsertParameters) + 1, deliveries[i]);
        }

        insert.Step();

        // The ids of one statement follow each other.
        var lastId = session.LastId;
        for (var i = first; i < end; i++)
        {
            (deliveries[i].IsDuplicate, deliveries[i].Id) = (false, lastId - (end - 1 - i));
        }

        return true;
    }

    private static SqliteStatement BindEvent(SqliteStatement insert, int first, NewDelivery delivery)
    {
        if (delivery.Lease is { } lease)
        {
            insert.Bind(first, (long)DeliveryState.Leased).Bind(first + 1, lease.Until).Bind(first + 2, 1L).Bind(first + 3, 1L).Bind(first + 4, lease.Owner);
        }
        else
        {
            var state = delivery.DueAt <= delivery.Envelope.Time ? DeliveryState.Ready : DeliveryState.Scheduled;
            insert.Bind(first, (long)state).Bind(first + 1, delivery.DueAt).Bind(first + 2, 0L).Bind(first + 3, 0L).BindNull(first + 4);
        }

        return BindEnvelope(insert.Bind(first + 5, delivery.ListenerId), first + 6, delivery.Envelope);
    }

    private static SqliteStatement BindRest(SqliteStatement insert, NewDelivery delivery)
    {
        insert.Bind(16, delivery.Queue).Bind(17, (long)delivery.Priority);
        if (delivery.Key is { } key)
        {
            insert.Bind(18, key.Value).Bind(19, KeyOfRow.OrderOf(key)).Bind(20, key.Limit);
        }
        else
        {
            insert.BindNull(18).BindNull(19).BindNull(20);
        }

        if (delivery.Unique is not { } unique)
        {
            return insert.BindNull(21).BindNull(22).BindNull(23).BindNull(24).Bind(25, 0L);
        }

        var hasStarted = delivery.Lease is not null && unique is { Until: UniqueUntil.Started, EndsAt: null };
        return insert
            .Bind(21, unique.Key)
            .Bind(22, (long)unique.Until)
            .Bind(23, unique.EndsAt)
            .Bind(24, delivery.Envelope.Time)
            .Bind(25, hasStarted ? 0 : 1);
    }
}
