using System.Runtime.InteropServices;
using Carillon.Deliveries;
using Carillon.Envelopes;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>A delivery that a claim has met: leased if it has no key, named if it has one.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Priority">Its priority.</param>
/// <param name="At">Since when it is due.</param>
/// <param name="IsLease">Whether it was leased before, and the lease has ended.</param>
/// <param name="Ended">How many of these the claim has found, with those for which there was no room.</param>
/// <param name="Key">Its key, if it is named only.</param>
/// <param name="Leased">The delivery, if it is leased.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ClaimedRow(long Id, DeliveryPriority Priority, long At, bool IsLease, long Ended, KeyName? Key, LeasedDelivery? Leased)
{
    // Behind those that say where the row stands.
    private const int First = 8;

    /// <summary>The order in which deliveries are leased.</summary>
    internal static int Compare(ClaimedRow one, ClaimedRow other)
    {
        var byPriority = other.Priority.CompareTo(one.Priority);
        if (byPriority != 0)
        {
            return byPriority;
        }

        var byTime = one.At.CompareTo(other.At);
        return byTime != 0 ? byTime : one.Id.CompareTo(other.Id);
    }

    /// <summary>The rows of the result at which the reader stands.</summary>
    internal static async Task<List<ClaimedRow>> ReadAllAsync(NpgsqlDataReader reader, string queue)
    {
        var rows = new List<ClaimedRow>();
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            rows.Add(Read(reader, queue));
        }

        return rows;
    }

    private static ClaimedRow Read(NpgsqlDataReader row, string queue)
    {
        var id = row.GetInt64(0);
        var priority = (DeliveryPriority)row.GetInt16(1);
        var at = row.GetInt64(2);
        var isLease = row.GetBoolean(3);
        var ended = row.GetInt64(4);
        var key = row.IsDBNull(5) ? (KeyName?)null : KeyName.Read(row, 5);
        return new ClaimedRow(id, priority, at, isLease, ended, key, row.IsDBNull(First) ? null : ReadLeased(row, id, at, queue));
    }

    private static LeasedDelivery ReadLeased(NpgsqlDataReader row, long id, long at, string queue)
    {
        var token = row.GetInt64(First);
        var attempt = row.GetInt32(First + 1);
        var isCancelRequested = row.GetBoolean(First + 2);
        var eventId = row.GetGuid(First + 3);
        var eventName = StoredText.Read(row.GetString(First + 4));
        var eventVersion = row.GetInt32(First + 5);
        var createdAt = UnixTicks.ToTime(row.GetInt64(First + 6));
        var correlation = StoredText.Read(row.GetString(First + 7));
        var causation = row.IsDBNull(First + 8) ? (Guid?)null : row.GetGuid(First + 8);
        var traceParent = row.GetText(First + 9);
        var traceState = row.GetText(First + 10);
        var listener = StoredText.Read(row.GetString(First + 11));
        var key = row.GetText(First + 12);
        var payload = row.GetFieldValue<byte[]>(First + 13);
        return new LeasedDelivery
        {
            Id = id,
            Token = token,
            Attempt = attempt,
            ListenerId = listener,
            Queue = queue,
            DueAt = UnixTicks.ToTime(at),
            Key = key,
            IsCancelRequested = isCancelRequested,
            Envelope = new Envelope
            {
                Id = eventId,
                EventName = eventName,
                EventVersion = eventVersion,
                Time = createdAt,
                CorrelationId = correlation,
                CausationId = causation,
                TraceParent = traceParent,
                TraceState = traceState,
                Payload = payload,
            },
        };
    }
}
