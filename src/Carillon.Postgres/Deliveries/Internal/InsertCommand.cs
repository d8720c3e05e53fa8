using Carillon.Deliveries;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Writes any number of deliveries with one statement. Used by one caller at a time, and again.</summary>
internal sealed class InsertCommand
{
    private readonly List<long> _dueAt;
    private readonly List<long?> _leaseUntil;
    private readonly List<long> _createdAt;
    private readonly List<long?> _uniqueEndsAt;
    private readonly List<long?> _uniqueSince;
    private readonly List<long?> _keyHash;
    private readonly List<int> _eventVersion;
    private readonly List<int> _keyLimit;
    private readonly List<short> _priority;
    private readonly List<short?> _uniqueUntil;
    private readonly List<bool> _keyOrdered;
    private readonly List<bool> _keySkipsFailed;
    private readonly List<bool> _holdsUnique;
    private readonly List<Guid> _eventId;
    private readonly List<Guid?> _causation;
    private readonly List<Guid?> _uniqueHash;
    private readonly List<string> _queue;
    private readonly List<string> _listener;
    private readonly List<string> _eventName;
    private readonly List<string> _correlation;
    private readonly List<string?> _key;
    private readonly List<string?> _uniqueKey;
    private readonly List<string?> _owner;
    private readonly List<string?> _traceParent;
    private readonly List<string?> _traceState;
    private readonly List<ReadOnlyMemory<byte>> _payload;

    /// <param name="sql">One of the statements of <see cref="InsertSql"/> that take arrays: they are $1 to $26.</param>
    /// <param name="schema">The schema.</param>
    internal InsertCommand(string sql, string schema)
    {
        Command = StoreCommand.Create(sql, schema);
        _dueAt = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _leaseUntil = Command.AddColumn<long?>(NpgsqlDbType.Bigint);
        _createdAt = Command.AddColumn<long>(NpgsqlDbType.Bigint);
        _uniqueEndsAt = Command.AddColumn<long?>(NpgsqlDbType.Bigint);
        _uniqueSince = Command.AddColumn<long?>(NpgsqlDbType.Bigint);
        _keyHash = Command.AddColumn<long?>(NpgsqlDbType.Bigint);
        _eventVersion = Command.AddColumn<int>(NpgsqlDbType.Integer);
        _keyLimit = Command.AddColumn<int>(NpgsqlDbType.Integer);
        _priority = Command.AddColumn<short>(NpgsqlDbType.Smallint);
        _uniqueUntil = Command.AddColumn<short?>(NpgsqlDbType.Smallint);
        _keyOrdered = Command.AddColumn<bool>(NpgsqlDbType.Boolean);
        _keySkipsFailed = Command.AddColumn<bool>(NpgsqlDbType.Boolean);
        _holdsUnique = Command.AddColumn<bool>(NpgsqlDbType.Boolean);
        _eventId = Command.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _causation = Command.AddColumn<Guid?>(NpgsqlDbType.Uuid);
        _uniqueHash = Command.AddColumn<Guid?>(NpgsqlDbType.Uuid);
        _queue = Command.AddColumn<string>(NpgsqlDbType.Text);
        _listener = Command.AddColumn<string>(NpgsqlDbType.Text);
        _eventName = Command.AddColumn<string>(NpgsqlDbType.Text);
        _correlation = Command.AddColumn<string>(NpgsqlDbType.Text);
        _key = Command.AddColumn<string?>(NpgsqlDbType.Text);
        _uniqueKey = Command.AddColumn<string?>(NpgsqlDbType.Text);
        _owner = Command.AddColumn<string?>(NpgsqlDbType.Text);
        _traceParent = Command.AddColumn<string?>(NpgsqlDbType.Text);
        _traceState = Command.AddColumn<string?>(NpgsqlDbType.Text);
        _payload = Command.AddColumn<ReadOnlyMemory<byte>>(NpgsqlDbType.Bytea);
    }

    internal NpgsqlBatchCommand Command { get; }

    internal void Add(NewDelivery delivery)
    {
        var envelope = delivery.Envelope;
        var time = UnixTicks.From(envelope.Time);
        var key = delivery.Key;
        var unique = delivery.Unique;
        _dueAt.Add(UnixTicks.From(delivery.DueAt));
        _leaseUntil.Add(UnixTicks.From(delivery.Lease?.Until));
        _createdAt.Add(time);
        _uniqueEndsAt.Add(UnixTicks.From(unique?.EndsAt));
        _uniqueSince.Add(unique is null ? null : time);
        _keyHash.Add(key is null ? null : StableHash.OfKey(delivery.ListenerId, key.Value));
        _eventVersion.Add(envelope.EventVersion);
        _keyLimit.Add(key is null ? 0 : Math.Max(key.Limit, 1));
        _priority.Add((short)delivery.Priority);
        _uniqueUntil.Add(unique is null ? null : (short)unique.Until);
        _keyOrdered.Add(key?.IsOrdered == true);
        _keySkipsFailed.Add(key?.SkipsFailed == true);
        _holdsUnique.Add(unique is not null);
        _eventId.Add(envelope.Id);
        _causation.Add(envelope.CausationId);
        _uniqueHash.Add(unique is null ? null : StableHash.OfUnique(unique.Key));
        _queue.Add(StoredText.Write(delivery.Queue));
        _listener.Add(StoredText.Write(delivery.ListenerId));
        _eventName.Add(StoredText.Write(envelope.EventName));
        _correlation.Add(StoredText.Write(envelope.CorrelationId));
        _key.Add(StoredText.Write(key?.Value));
        _uniqueKey.Add(StoredText.Write(unique?.Key));
        _owner.Add(StoredText.Write(delivery.Lease?.Owner));
        _traceParent.Add(StoredText.Write(envelope.TraceParent));
        _traceState.Add(StoredText.Write(envelope.TraceState));
        _payload.Add(envelope.Payload);
    }

    /// <summary>So that what was written can be collected.</summary>
    internal void Clear()
    {
        _dueAt.Clear();
        _leaseUntil.Clear();
        _createdAt.Clear();
        _uniqueEndsAt.Clear();
        _uniqueSince.Clear();
        _keyHash.Clear();
        _eventVersion.Clear();
        _keyLimit.Clear();
        _priority.Clear();
        _uniqueUntil.Clear();
        _keyOrdered.Clear();
        _keySkipsFailed.Clear();
        _holdsUnique.Clear();
        _eventId.Clear();
        _causation.Clear();
        _uniqueHash.Clear();
        _queue.Clear();
        _listener.Clear();
        _eventName.Clear();
        _correlation.Clear();
        _key.Clear();
        _uniqueKey.Clear();
        _owner.Clear();
        _traceParent.Clear();
        _traceState.Clear();
        _payload.Clear();
    }
}
