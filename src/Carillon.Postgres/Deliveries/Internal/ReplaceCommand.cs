using Carillon.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Puts later events in the place of those that wait. For one use.</summary>
internal sealed class ReplaceCommand
{
    private readonly List<Guid> _hash;
    private readonly List<long> _dueAt;
    private readonly List<long?> _maxWait;
    private readonly List<long> _createdAt;
    private readonly List<Guid> _eventId;
    private readonly List<string> _eventName;
    private readonly List<int> _eventVersion;
    private readonly List<string> _correlation;
    private readonly List<Guid?> _causation;
    private readonly List<string?> _traceParent;
    private readonly List<string?> _traceState;
    private readonly List<ReadOnlyMemory<byte>> _payload;

    internal ReplaceCommand(string schema)
    {
        Command = new NpgsqlBatchCommand(SchemaName.Fill(UniqueSql.Replace, schema));
        _hash = Command.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _dueAt = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _maxWait = Command.AddColumn<long?>(NpgsqlDbType.Bigint);
        _createdAt = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _eventId = Command.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _eventName = Command.AddColumn<string>(NpgsqlDbType.Text);
        _eventVersion = Command.AddColumn<int>(NpgsqlDbType.Integer);
        _correlation = Command.AddColumn<string>(NpgsqlDbType.Text);
        _causation = Command.AddColumn<Guid?>(NpgsqlDbType.Uuid);
        _traceParent = Command.AddColumn<string?>(NpgsqlDbType.Text);
        _traceState = Command.AddColumn<string?>(NpgsqlDbType.Text);
        _payload = Command.AddColumn<ReadOnlyMemory<byte>>(NpgsqlDbType.Bytea);
    }

    internal NpgsqlBatchCommand Command { get; }

    internal bool IsEmpty => _hash.Count == 0;

    internal void Add(Guid hash, NewDelivery later)
    {
        var envelope = later.Envelope;
        _hash.Add(hash);
        _dueAt.Add(UnixTicks.From(later.DueAt));
        // The server adds it to a time, and has numbers for no more than that.
        _maxWait.Add(later.Unique!.MaxWait is { } wait ? Math.Min(wait.Ticks, DateTime.MaxValue.Ticks) : null);
        _createdAt.Add(UnixTicks.From(envelope.Time));
        _eventId.Add(envelope.Id);
        _eventName.Add(StoredText.Write(envelope.EventName));
        _eventVersion.Add(envelope.EventVersion);
        _correlation.Add(StoredText.Write(envelope.CorrelationId));
        _causation.Add(envelope.CausationId);
        _traceParent.Add(StoredText.Write(envelope.TraceParent));
        _traceState.Add(StoredText.Write(envelope.TraceState));
        _payload.Add(envelope.Payload);
    }
}
