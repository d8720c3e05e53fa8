using System.Data.Common;
using System.Globalization;
using Carillon.EventSourcing;
using Carillon.Sqlite.Deliveries.Internal;
using Carillon.Sqlite.EventSourcing.Internal;

namespace Carillon.Sqlite.EventSourcing;

/// <summary>Keeps streams of events in a SQLite database: that of the deliveries, so that both are written in one transaction.</summary>
/// <remarks>One connection writes at a time, so positions rise from commit to commit.</remarks>
internal sealed class SqliteStreamStore(StoreCalls calls) : IStreamStore
{
    public string Description => calls.Description;

    public bool JoinsTransactions => true;

    public async ValueTask<AppendResult> AppendAsync(
        DbTransaction? transaction, string stream, ExpectedVersion expected, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(events.Count, nameof(events));
        return await calls.WriteAsync(transaction, (stream, expected, events), EventTable.Append, Words, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<StoredEvent>> ReadAsync(DbTransaction? transaction, StreamRead read, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(read.MaxCount, nameof(read));
        return calls.ReadAsync(transaction, read, EventTable.Read, "read a stream", cancellationToken);
    }

    public ValueTask<long> FindVersionAsync(DbTransaction? transaction, string stream, CancellationToken cancellationToken) =>
        calls.ReadAsync(transaction, stream, EventTable.FindVersion, "find the version of a stream", cancellationToken);

    public ValueTask<StoreEnd> FindEndAsync(CancellationToken cancellationToken) =>
        calls.ReadAsync(null, 0, static (session, _) => EventTable.FindEnd(session), "find the end of the event store", cancellationToken);

    public ValueTask<IReadOnlyList<StoredEvent>> ReadAllAsync(long after, long upTo, ReadDirection direction, int maxCount, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxCount);
        return calls.ReadAsync(null, (after, upTo, direction, maxCount), EventTable.ReadAll, "read events", cancellationToken);
    }

    public async ValueTask SaveSnapshotAsync(DbTransaction? transaction, StoredSnapshot snapshot, CancellationToken cancellationToken) =>
        await calls.WriteAsync(
            transaction, snapshot, EventTable.SaveSnapshot, static snapshot => $"keep a snapshot of the stream '{snapshot.Stream}'", cancellationToken).ConfigureAwait(false);

    public ValueTask<StoredSnapshot?> FindSnapshotAsync(DbTransaction? transaction, string stream, CancellationToken cancellationToken) =>
        calls.ReadAsync(transaction, stream, EventTable.FindSnapshot, "find a snapshot", cancellationToken);

    private static string Words((string Stream, ExpectedVersion Expected, IReadOnlyList<NewEvent> Events) append) => append.Events.Count == 1
        ? $"append '{append.Events[0].Envelope.EventName}' to the stream '{append.Stream}'"
        : string.Create(CultureInfo.InvariantCulture, $"append {append.Events.Count} events to the stream '{append.Stream}'");
}
