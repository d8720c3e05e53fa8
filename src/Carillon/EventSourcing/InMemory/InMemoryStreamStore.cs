using System.Data.Common;

namespace Carillon.EventSourcing.InMemory;

/// <summary>Streams in memory. It takes part in no transaction: what is appended is there at once.</summary>
internal sealed class InMemoryStreamStore : IStreamStore
{
    private readonly Lock _gate = new();

    // Under _gate. An event's position is its place in the first list, from 1.
    private readonly List<StoredEvent> _events = [];
    private readonly Dictionary<string, List<StoredEvent>> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredSnapshot> _snapshots = new(StringComparer.Ordinal);

    public string Description => "event store in memory";

    public bool JoinsTransactions => false;

    public ValueTask<AppendResult> AppendAsync(
        DbTransaction? transaction, string stream, ExpectedVersion expected, IReadOnlyList<NewEvent> events, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfZero(events.Count, nameof(events));
        lock (_gate)
        {
            var present = _streams.GetValueOrDefault(stream);
            var version = present?.Count ?? 0;
            if (!expected.Allows(version))
            {
                throw new WrongExpectedVersionException(stream, expected, version);
            }

            if (present is null)
            {
                _streams.Add(stream, present = []);
            }

            foreach (var each in events)
            {
                var stored = new StoredEvent
                {
                    Position = _events.Count + 1,
                    Stream = stream,
                    Version = present.Count + 1,
                    Envelope = each.Envelope,
                    Who = each.Who,
                    Metadata = each.Metadata,
                };
                _events.Add(stored);
                present.Add(stored);
            }

            return new(new AppendResult(present.Count, _events.Count));
        }
    }

    public ValueTask<IReadOnlyList<StoredEvent>> ReadAsync(DbTransaction? transaction, StreamRead read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(read.MaxCount, nameof(read));
        lock (_gate)
        {
            var events = _streams.GetValueOrDefault(read.Stream) ?? [];
            return new(Page(events, Math.Max(read.From, 1), events.Count, Math.Min(read.From, events.Count), read.Direction, read.MaxCount));
        }
    }

    public ValueTask<long> FindVersionAsync(DbTransaction? transaction, string stream, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_streams.GetValueOrDefault(stream)?.Count ?? 0);
        }
    }

    public ValueTask<StoreEnd> FindEndAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(new StoreEnd(_events.Count, _events.Count));
        }
    }

    public ValueTask<IReadOnlyList<StoredEvent>> ReadAllAsync(long after, long upTo, ReadDirection direction, int maxCount, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxCount);
        lock (_gate)
        {
            var last = Math.Min(upTo, _events.Count);
            var page = Page(_events, after + 1, last, last, direction, maxCount);
            return new(direction == ReadDirection.Forwards ? page : [.. page.Where(stored => stored.Position > after)]);
        }
    }

    public ValueTask SaveSnapshotAsync(DbTransaction? transaction, StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_snapshots.TryGetValue(snapshot.Stream, out var present) || present.Version <= snapshot.Version)
            {
                _snapshots[snapshot.Stream] = snapshot;
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<StoredSnapshot?> FindSnapshotAsync(DbTransaction? transaction, string stream, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_snapshots.GetValueOrDefault(stream));
        }
    }

    // Places are counted from 1: forwards from the first to the last, backwards from a place down to the first.
    private static List<StoredEvent> Page(List<StoredEvent> events, long first, long last, long down, ReadDirection direction, int maxCount)
    {
        var page = new List<StoredEvent>();
        if (direction == ReadDirection.Forwards)
        {
            for (var place = first; place <= last && page.Count < maxCount; place++)
            {
                page.Add(events[(int)place - 1]);
            }
        }
        else
        {
            for (var place = down; place > 0 && page.Count < maxCount; place--)
            {
                page.Add(events[(int)place - 1]);
            }
        }

        return page;
    }
}
