using Carillon.EventSourcing;
using Carillon.Postgres.Deliveries.Internal;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.EventSourcing.Internal;

/// <summary>Appends any number of events to one stream with one statement. Used by one caller at a time, and again.</summary>
internal sealed class AppendCommand
{
    private readonly NpgsqlBatchCommand _command;
    private readonly NpgsqlParameter<string> _stream;
    private readonly NpgsqlParameter<long> _count;
    private readonly List<long> _time;
    private readonly List<int> _eventVersion;
    private readonly List<Guid> _eventId;
    private readonly List<Guid?> _causation;
    private readonly List<string> _eventName;
    private readonly List<string> _correlation;
    private readonly List<string?> _who;
    private readonly List<string?> _traceParent;
    private readonly List<string?> _traceState;
    private readonly List<string?> _metadata;
    private readonly List<ReadOnlyMemory<byte>> _payload;
    private readonly NpgsqlParameter<long>? _version;

    private AppendCommand(string schema, string sql, bool wantsVersion)
    {
        _command = StoreCommand.Create(sql, schema);
        _stream = _command.AddValue<string>(NpgsqlDbType.Text);
        _count = _command.AddValue<long>(NpgsqlDbType.Bigint);
        _time = _command.AddColumn<long>(NpgsqlDbType.Bigint);
        _eventVersion = _command.AddColumn<int>(NpgsqlDbType.Integer);
        _eventId = _command.AddColumn<Guid>(NpgsqlDbType.Uuid);
        _causation = _command.AddColumn<Guid?>(NpgsqlDbType.Uuid);
        _eventName = _command.AddColumn<string>(NpgsqlDbType.Text);
        _correlation = _command.AddColumn<string>(NpgsqlDbType.Text);
        _who = _command.AddColumn<string?>(NpgsqlDbType.Text);
        _traceParent = _command.AddColumn<string?>(NpgsqlDbType.Text);
        _traceState = _command.AddColumn<string?>(NpgsqlDbType.Text);
        _metadata = _command.AddColumn<string?>(NpgsqlDbType.Text);
        _payload = _command.AddColumn<ReadOnlyMemory<byte>>(NpgsqlDbType.Bytea);
        _version = wantsVersion ? _command.AddValue<long>(NpgsqlDbType.Bigint) : null;
        Commands = [Announcement(schema), _command];
    }

    /// <summary>The announcement and the append, to be sent together.</summary>
    internal NpgsqlBatchCommand[] Commands { get; }

    /// <summary>For streams of any version.</summary>
    internal static AppendCommand ToAny(string schema) => new(schema, EventSql.AppendToAny, wantsVersion: false);

    /// <summary>For streams that there are not yet.</summary>
    internal static AppendCommand ToNew(string schema) => new(schema, EventSql.AppendToNew, wantsVersion: false);

    /// <summary>For streams that there are.</summary>
    internal static AppendCommand ToPresent(string schema) => new(schema, EventSql.AppendToPresent, wantsVersion: true);

    internal void Fill(string stream, ExpectedVersion expected, IReadOnlyList<NewEvent> events)
    {
        Clear();
        _stream.TypedValue = StoredText.Write(stream);
        _count.TypedValue = events.Count;
        if (_version is not null)
        {
            _version.TypedValue = expected.Version ?? -1;
        }

        for (var i = 0; i < events.Count; i++)
        {
            Add(events[i]);
        }
    }

    /// <summary>So that what was written can be collected.</summary>
    internal void Clear()
    {
        _time.Clear();
        _eventVersion.Clear();
        _eventId.Clear();
        _causation.Clear();
        _eventName.Clear();
        _correlation.Clear();
        _who.Clear();
        _traceParent.Clear();
        _traceState.Clear();
        _metadata.Clear();
        _payload.Clear();
    }

    /// <returns>Null if the stream is not what it has to be.</returns>
    internal static async ValueTask<AppendResult?> ReadAsync(NpgsqlDataReader reader)
    {
        // The announcement has a row, the first time in a transaction.
        await reader.NextResultAsync().ConfigureAwait(false);
        await reader.ReadAsync().ConfigureAwait(false);
        return await reader.IsDBNullAsync(0).ConfigureAwait(false) ? null : new AppendResult(reader.GetInt64(0), reader.GetInt64(1));
    }

    private static NpgsqlBatchCommand Announcement(string schema) =>
        StoreCommand.Create(EventSql.Announce, schema).With(AppendLocks.ClassOf(schema), NpgsqlDbType.Integer).With(schema);

    private void Add(NewEvent each)
    {
        var envelope = each.Envelope;
        _time.Add(UnixTicks.From(envelope.Time));
        _eventVersion.Add(envelope.EventVersion);
        _eventId.Add(envelope.Id);
        _causation.Add(envelope.CausationId);
        _eventName.Add(StoredText.Write(envelope.EventName));
        _correlation.Add(StoredText.Write(envelope.CorrelationId));
        _who.Add(StoredText.Write(each.Who));
        _traceParent.Add(StoredText.Write(envelope.TraceParent));
        _traceState.Add(StoredText.Write(envelope.TraceState));
        _metadata.Add(StoredText.Write(each.Metadata));
        _payload.Add(envelope.Payload);
    }
}
