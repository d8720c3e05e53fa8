using Carillon.Deliveries;
using Carillon.Envelopes;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>Leases what is due in a queue.</summary>
internal static class Leasing
{
    /// <summary>
    /// So many at the most are put aside in one transaction, since their turn has not come: the write lock is given to others in between.
    /// </summary>
    internal const int MostParked = 1_000;

    /// <param name="Deliveries">What was leased.</param>
    /// <param name="MayBeMore">Whether it ended before it had found enough or seen all that is due.</param>
    internal sealed record Found(List<LeasedDelivery> Deliveries, bool MayBeMore);

    /// <summary>To be called inside a transaction that has the write lock.</summary>
    internal static Found Lease(SqliteSession session, LeaseRequest request)
    {
        var leased = new List<LeasedDelivery>();
        if (DeliveryQueues.IsPaused(session, request.Queue))
        {
            return new Found(leased, false);
        }

        var room = request.Limit > 0 ? Math.Min(request.MaxCount, request.Limit - DeliveryQueues.CountLeased(session, request.Queue, request.Now)) : request.MaxCount;
        var parked = 0;
        for (var next = DeliveryQueues.NextPriority(session, request.Queue, null);
            next is { } priority && leased.Count < room;
            next = DeliveryQueues.NextPriority(session, request.Queue, priority))
        {
            // Again and again, since those that are blocked are put aside as they are met.
            while (leased.Count < room && ReadDue(session, request, priority, room - leased.Count) is { Count: > 0 } due)
            {
                foreach (var row in due)
                {
                    if (TryLease(session, request, row))
                    {
                        leased.Add(row.Delivery);
                    }
                    else
                    {
                        parked++;
                    }
                }

                if (parked >= MostParked)
                {
                    return new Found(leased, true);
                }
            }
        }

        return new Found(leased, false);
    }

    private static bool TryLease(SqliteSession session, LeaseRequest request, Due row)
    {
        var delivery = row.Delivery;
        if (row.Key is { } key && Turns.FindBlocker(session, delivery.Id, delivery.ListenerId, key, request.Now) is { } blocker)
        {
            Turns.Park(session, delivery.Id, blocker);
            if (row.WasLeased)
            {
                // Others may have been parked behind the lease that has ended.
                Turns.PassOn(session, delivery.ListenerId, key, request.Now);
            }

            return false;
        }

        session.Statement(DeliverySql.Lease)
            .Bind(1, delivery.Id).Bind(2, delivery.Token).Bind(3, delivery.Attempt).Bind(4, request.Lease.Until).Bind(5, request.Lease.Owner)
            .Step();
        if (row.EndsUniqueness)
        {
            session.Statement(UniqueSql.Release).Bind(1, delivery.Id).Step();
        }

        return true;
    }

    private static List<Due> ReadDue(SqliteSession session, LeaseRequest request, long priority, int most)
    {
        var due = ReadDue(session.Statement(DeliverySql.ReadExpired(request.Without.Count)), request, priority, most, wereLeased: true);
        if (due.Count == 0)
        {
            return ReadDue(session.Statement(DeliverySql.ReadWaiting(request.Without.Count)), request, priority, most, wereLeased: false);
        }

        // Those whose lease has ended are few, and are in an index of their own.
        due.AddRange(ReadDue(session.Statement(DeliverySql.ReadWaiting(request.Without.Count)), request, priority, most, wereLeased: false));
        return [.. due.OrderBy(row => row.Delivery.DueAt).ThenBy(row => row.Delivery.Id).Take(most)];
    }

    private static List<Due> ReadDue(SqliteStatement statement, LeaseRequest request, long priority, int most, bool wereLeased)
    {
        var due = new List<Due>();
        statement.Bind(1, request.Queue).Bind(2, priority).Bind(3, request.Now).Bind(4, most);
        var place = 5;
        foreach (var listener in request.Without)
        {
            statement.Bind(place++, listener);
        }

        while (statement.Step())
        {
            due.Add(Read(statement, request.Queue, wereLeased));
        }

        return due;
    }

    private static Due Read(SqliteStatement row, string queue, bool wasLeased)
    {
        var key = KeyOfRow.Read(row, 14);
        var delivery = new LeasedDelivery
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
            Queue = queue,
            DueAt = row.GetTime(13),
            Key = key?.Value,
            IsCancelRequested = row.GetInt(18) != 0,
        };
        return new Due(delivery, key, row.GetInt(17) != 0, wasLeased);
    }

    /// <summary>A delivery that is due, as it will be when it is leased.</summary>
    private sealed record Due(LeasedDelivery Delivery, KeyOfRow? Key, bool EndsUniqueness, bool WasLeased);
}
