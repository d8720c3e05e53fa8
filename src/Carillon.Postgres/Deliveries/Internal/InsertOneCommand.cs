using Carillon.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>
/// Writes one delivery without a key, as most transactions of an application do: values in place of arrays, which the server takes a third of the time for. For one
/// use.
/// </summary>
internal static class InsertOneCommand
{
    private const short Ready = (short)DeliveryState.Ready;
    private const short Scheduled = (short)DeliveryState.Scheduled;
    private const short Leased = (short)DeliveryState.Leased;

    internal static bool Fits(IReadOnlyList<NewDelivery> deliveries) => deliveries.Count == 1 && deliveries[0] is { Key: null, Unique: null };

    internal static NpgsqlBatchCommand Create(string sql, NewDelivery delivery)
    {
        var envelope = delivery.Envelope;
        var state = delivery.Lease is not null ? Leased : delivery.DueAt <= envelope.Time ? Ready : Scheduled;
        var command = new NpgsqlBatchCommand(sql)
            .With(UnixTicks.From(delivery.DueAt))
            .With(UnixTicks.From(delivery.Lease?.Until))
            .With(UnixTicks.From(envelope.Time))
            .With(envelope.EventVersion, NpgsqlDbType.Integer)
            .With(state, NpgsqlDbType.Smallint)
            .With((short)delivery.Priority, NpgsqlDbType.Smallint)
            .With(envelope.Id, NpgsqlDbType.Uuid);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Uuid, Value = envelope.CausationId is { } cause ? cause : DBNull.Value });
        return command
            .With(delivery.Queue)
            .With(delivery.ListenerId)
            .With(envelope.EventName)
            .With(envelope.CorrelationId)
            .WithText(delivery.Lease?.Owner)
            .WithText(envelope.TraceParent)
            .WithText(envelope.TraceState)
            .With(envelope.Payload, NpgsqlDbType.Bytea);
    }

    internal static async ValueTask ReadAsync(NpgsqlDataReader reader, NewDelivery delivery)
    {
        await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        delivery.Id = reader.GetInt64(0);
    }
}
