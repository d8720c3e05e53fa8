using Carillon.Deliveries;
using Carillon.Envelopes;
using Npgsql;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Reads rows of <see cref="ReadSql.Snapshot"/> and <see cref="ReadSql.Find"/>.</summary>
internal static class DeliveryRow
{
    internal static DeliverySnapshot ReadSnapshot(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        State = (DeliveryState)row.GetInt32(1),
        EventId = row.GetGuid(2),
        EventName = StoredText.Read(row.GetString(3)),
        ListenerId = StoredText.Read(row.GetString(4)),
        Attempts = row.GetInt32(5),
        CreatedAt = UnixTicks.ToTime(row.GetInt64(6)),
        DueAt = UnixTicks.ToTime(row.GetInt64(7)),
        Owner = row.GetText(8),
        Error = row.GetText(9),
        CorrelationId = StoredText.Read(row.GetString(10)),
        Queue = StoredText.Read(row.GetString(11)),
        Priority = (DeliveryPriority)row.GetInt16(12),
        Key = row.GetText(13),
        Behind = row.IsDBNull(14) ? null : row.GetInt64(14),
        UniqueKey = row.GetText(15),
        IsCancelRequested = row.GetBoolean(16),
    };

    internal static DeliveryDetails ReadDetails(NpgsqlDataReader row)
    {
        var delivery = ReadSnapshot(row);
        var envelope = new Envelope
        {
            Id = delivery.EventId,
            EventName = delivery.EventName,
            EventVersion = row.GetInt32(17),
            Time = delivery.CreatedAt,
            CorrelationId = delivery.CorrelationId,
            CausationId = row.IsDBNull(18) ? null : row.GetGuid(18),
            TraceParent = row.GetText(19),
            TraceState = row.GetText(20),
            Payload = row.GetFieldValue<byte[]>(21),
        };
        return new DeliveryDetails(delivery, envelope, row.IsDBNull(22) ? [] : ReadAttempts(row));
    }

    private static List<DeliveryAttempt> ReadAttempts(NpgsqlDataReader row)
    {
        var at = row.GetFieldValue<long[]>(23);
        var errors = row.GetFieldValue<string[]>(24);
        return row.GetFieldValue<int[]>(22).Select((number, i) => new DeliveryAttempt(number, UnixTicks.ToTime(at[i]), StoredText.Read(errors[i]))).ToList();
    }
}
