using Carillon.Envelopes;
using Carillon.EventSourcing;
using Carillon.Postgres.Deliveries.Internal;
using Npgsql;

namespace Carillon.Postgres.EventSourcing.Internal;

/// <summary>A row of the table of events.</summary>
internal static class EventRow
{
    // In the order in which the columns stand: the driver seeks from the beginning of the row for one that it has passed.
    internal static StoredEvent Read(NpgsqlDataReader row)
    {
        var (position, version, time, eventVersion) = (row.GetInt64(0), row.GetInt64(1), UnixTicks.ToTime(row.GetInt64(2)), row.GetInt32(3));
        var (id, causationId) = (row.GetGuid(4), row.IsDBNull(5) ? (Guid?)null : row.GetGuid(5));
        var (stream, eventName, correlationId) = (StoredText.Read(row.GetString(6)), StoredText.Read(row.GetString(7)), StoredText.Read(row.GetString(8)));
        var (who, traceParent, traceState, metadata) = (row.GetText(9), row.GetText(10), row.GetText(11), row.GetText(12));
        return new StoredEvent
        {
            Position = position,
            Version = version,
            Stream = stream,
            Who = who,
            Metadata = metadata,
            Envelope = new Envelope
            {
                Id = id,
                EventName = eventName,
                EventVersion = eventVersion,
                Time = time,
                CorrelationId = correlationId,
                CausationId = causationId,
                TraceParent = traceParent,
                TraceState = traceState,
                Payload = row.GetFieldValue<byte[]>(13),
            },
        };
    }
}
