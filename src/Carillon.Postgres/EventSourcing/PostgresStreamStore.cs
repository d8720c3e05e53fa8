using System.Data.Common;
using System.Globalization;
using Carillon.EventSourcing;
using Carillon.Postgres.Deliveries.Internal;
using Carillon.Postgres.EventSourcing.Internal;
using Npgsql;
using NpgsqlTypes;

namespace Carillon.Postgres.EventSourcing;

/// <summary>Keeps streams of events in a PostgreSQL database: that of the deliveries, so that both are written in one transaction.</summary>
/// <remarks>Any number of processes append side by side. Those who append to one stream wait for each other until the transaction ends.</remarks>
internal sealed class PostgresStreamStore(PostgresConnections connections, PostgresLocation location) : IStreamStore
{
    private readonly StoreCalls _calls = new(connections, location);

    public string Description => location.Description;

    public bool JoinsTransactions => true;

    public bool JoinsAmbientTransactions => true;

    public async ValueTask<AppendResult> AppendAsync(
        DbTransaction? transaction, string stream, ExpectedVersion expected, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfZero(events.Count, nameof(events));
        var what = Words(stream, events);
        var result = transaction is null
            ? await AppendAloneAsync(what, stream, expected, events, cancellationToken).ConfigureAwait(false)
            : await AppendAsync(transaction, what, stream, expected, events).ConfigureAwait(false);
        return result ?? throw new WrongExpectedVersionException(
            stream, expected, await FindVersionAsync(transaction, stream, CancellationToken.None).ConfigureAwait(false));
    }

    public ValueTask<IReadOnlyList<StoredEvent>> ReadAsync(DbTransaction? transaction, StreamRead read, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(read.MaxCount, nameof(read));
        return _calls.RunAsync(
            transaction,
            $"read the stream '{read.Stream}'",
            () => StoreCommand.Create(read.Direction == ReadDirection.Forwards ? EventSql.ReadForwards : EventSql.ReadBackwards, location.Schema)
                .With(read.Stream).With(read.From).With((long)read.MaxCount),
            ReadAllAsync,
            cancellationToken);
    }

    public ValueTask<long> FindVersionAsync(DbTransaction? transaction, string stream, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            transaction,
            $"find the version of the stream '{stream}'",
            () => StoreCommand.Create(EventSql.FindVersion, location.Schema).With(stream),
            static async reader => await reader.ReadAsync().ConfigureAwait(false) ? reader.GetInt64(0) : 0,
            cancellationToken);

    public ValueTask<StoreEnd> FindEndAsync(CancellationToken cancellationToken) =>
        _calls.RunAsync(
            "find the end of the event store",
            _ => [StoreCommand.Create(EventSql.FindLast, location.Schema), StoreCommand.Create(EventSql.FindOpen, location.Schema).With(AppendLocks.ShownClassOf(location.Schema))],
            ReadEndAsync,
            cancellationToken);

    public ValueTask<IReadOnlyList<StoredEvent>> ReadAllAsync(long after, long upTo, ReadDirection direction, int maxCount, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxCount);
        return _calls.RunAsync(
            "read events",
            session =>
            {
                var page = session.Of(static schema => new PageCommand.Both(schema)).For(direction);
                page.Fill(after, upTo, maxCount);
                return page.Commands;
            },
            ReadAllAsync,
            cancellationToken);
    }

    public async ValueTask SaveSnapshotAsync(DbTransaction? transaction, StoredSnapshot snapshot, CancellationToken cancellationToken) =>
        await _calls.RunAsync(
            transaction,
            $"keep a snapshot of the stream '{snapshot.Stream}'",
            () => StoreCommand.Create(EventSql.SaveSnapshot, location.Schema)
                .With(snapshot.Stream).With(snapshot.Version).With(UnixTicks.From(snapshot.Time)).With(snapshot.Shape).With(snapshot.State, NpgsqlDbType.Bytea),
            static reader => new ValueTask<int>(reader.RecordsAffected),
            cancellationToken).ConfigureAwait(false);

    public ValueTask<StoredSnapshot?> FindSnapshotAsync(DbTransaction? transaction, string stream, CancellationToken cancellationToken) =>
        _calls.RunAsync(
            transaction,
            $"find the snapshot of the stream '{stream}'",
            () => StoreCommand.Create(EventSql.FindSnapshot, location.Schema).With(stream),
            async reader => await reader.ReadAsync().ConfigureAwait(false)
                ? new StoredSnapshot
                {
                    Stream = stream,
                    Version = reader.GetInt64(0),
                    Time = UnixTicks.ToTime(reader.GetInt64(1)),
                    Shape = StoredText.Read(reader.GetString(2)),
                    State = reader.GetFieldValue<byte[]>(3),
                }
                : null,
            cancellationToken);

    private ValueTask<AppendResult?> AppendAloneAsync(
        string what, string stream, ExpectedVersion expected, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken)
    {
        AppendCommand? command = null;
        return _calls.RunAsync(
            what,
            session =>
            {
                command = session.Of(static schema => new AppendCommands(schema)).For(expected);
                command.Fill(stream, expected, events);
                return command.Commands;
            },
            async reader =>
            {
                var result = await AppendCommand.ReadAsync(reader).ConfigureAwait(false);
                // The session keeps the command. Not before the answer is there: until then they may still be on their way.
                command!.Clear();
                return result;
            },
            cancellationToken);
    }

    private ValueTask<AppendResult?> AppendAsync(DbTransaction transaction, string what, string stream, ExpectedVersion expected, IReadOnlyList<NewEvent> events)
    {
        var command = new AppendCommands(location.Schema).For(expected);
        command.Fill(stream, expected, events);
        return _calls.JoinAsync(transaction, what, command.Commands, AppendCommand.ReadAsync);
    }

    private static async ValueTask<IReadOnlyList<StoredEvent>> ReadAllAsync(NpgsqlDataReader reader)
    {
        var events = new List<StoredEvent>();
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            events.Add(EventRow.Read(reader));
        }

        return events;
    }

    private static async ValueTask<StoreEnd> ReadEndAsync(NpgsqlDataReader reader)
    {
        await reader.ReadAsync().ConfigureAwait(false);
        var last = reader.GetInt64(0);
        await reader.NextResultAsync().ConfigureAwait(false);
        var open = new List<(long Number, int? Process)>();
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            open.Add((reader.GetInt64(0), await reader.IsDBNullAsync(1).ConfigureAwait(false) ? null : reader.GetInt32(1)));
        }

        return AppendLocks.FindEnd(last, open);
    }

    private static string Words(string stream, IReadOnlyList<NewEvent> events) => events.Count == 1
        ? $"append '{events[0].Envelope.EventName}' to the stream '{stream}'"
        : string.Create(CultureInfo.InvariantCulture, $"append {events.Count} events to the stream '{stream}'");
}
