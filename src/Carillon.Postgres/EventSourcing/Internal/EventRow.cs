using Carillon.Envelopes;
using Carillon.EventSourcing;
using Carillon.Postgres.Deliveries.Internal;
using Npgsql;

namespace Carillon.Postgres.EventSourcing.Internal;

/// <summary>A row of the table of events.</summary>
internal static class EventRow
{
    internal static StoredEvent Read(NpgsqlDataReader row) => new()
    {
        Position = row.GetInt64(0),
        Version = row.GetInt64(1),
        Stream = StoredText.Read(row.GetString(6)),
        Who = row.GetText(9),
        Metadata = row.GetText(12),
        Envelope = new Envelope
        {
            Id = row.GetGuid(4),
            EventName = StoredText.Read(row.GetString(7)),
            EventVersion = row.GetInt32(3),
            Time = UnixTicks.ToTime(row.GetInt64(2)),
            CorrelationId = StoredText.Read(row.GetString(8)),
            CausationId = row.IsDBNull(5) ? null : row.GetGuid(5),
            TraceParent = row.GetText(10),
            TraceState = row.GetText(11),
            Payload = row.GetFieldValue<byte[]>(13),
        },
    };
}
