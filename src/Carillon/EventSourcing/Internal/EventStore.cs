using System.Data.Common;
using System.Runtime.CompilerServices;
using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Dispatch.Internal;
using Carillon.Events.Internal;
using Carillon.Transactions;
using Carillon.Transactions.Internal;
using Microsoft.Extensions.Options;

namespace Carillon.EventSourcing.Internal;

/// <summary>The event store as one scope sees it.</summary>
internal sealed class EventStore(
    StreamSlot slot,
    EventDispatcher dispatcher,
    EventCatalog events,
    DeliveryRecorder recorder,
    EventReading reading,
    StoredSnapshots snapshots,
    AppendSignal signal,
    IOptions<EventStoreOptions> options,
    TimeProvider time) : IEventStore
{
    private readonly EventStoreOptions _options = options.Value;

    // Those that are dispatched because they were appended: whoever appends what is dispatched leaves them alone.
    private HashSet<object>? _dispatching;

    public async ValueTask<AppendResult> AppendAsync(
        string stream, ExpectedVersion expected, IReadOnlyCollection<object> events, AppendOptions? options = null, CancellationToken cancellationToken = default)
    {
        StreamName.Check(stream);
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count == 0)
        {
            throw new ArgumentException($"Nothing was to be appended to the stream '{stream}': give it one event at least, or do not call.", nameof(events));
        }

        var who = options?.Who ?? _options.Who?.Invoke(dispatcher.Services);
        var metadata = options is null ? null : MetadataText.Write(options.Metadata);
        var sealedOnes = new List<NewEvent>(events.Count);
        foreach (var each in events)
        {
            sealedOnes.Add(Seal(stream, each, context: null, who, metadata));
        }

        var result = await AppendAsync(stream, expected, sealedOnes, cancellationToken).ConfigureAwait(false);
        if (options is { Dispatch: true })
        {
            await DispatchAsync(events, cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    public async IAsyncEnumerable<RecordedEvent> ReadAsync(
        string stream,
        long? from = null,
        ReadDirection direction = ReadDirection.Forwards,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StreamName.Check(stream);
        ArgumentOutOfRangeException.ThrowIfNegative(from ?? 0, nameof(from));
        var next = from is { } first ? Math.Max(first, 1) : direction == ReadDirection.Forwards ? 1 : long.MaxValue;
        for (var isFirst = true; ; isFirst = false)
        {
            var read = new StreamRead(stream, next, direction, _options.PageSize);
            var page = await SeeAsync(transaction => slot.Streams.ReadAsync(transaction, read, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (page.Count == 0 && isFirst && await FindVersionAsync(stream, cancellationToken).ConfigureAwait(false) == 0)
            {
                throw new StreamNotFoundException(stream);
            }

            foreach (var stored in page)
            {
                yield return new RecordedEvent(stored, reading);
            }

            if (page.Count < _options.PageSize || (direction == ReadDirection.Backwards && page[^1].Version == 1))
            {
                yield break;
            }

            next = page[^1].Version + (direction == ReadDirection.Forwards ? 1 : -1);
        }
    }

    public ValueTask<long> FindVersionAsync(string stream, CancellationToken cancellationToken = default)
    {
        StreamName.Check(stream);
        return SeeAsync(transaction => slot.Streams.FindVersionAsync(transaction, stream, cancellationToken), cancellationToken);
    }

    public async IAsyncEnumerable<RecordedEvent> ReadAllAsync(
        long after = 0, ReadDirection direction = ReadDirection.Forwards, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var end = await CatchUp.FindEndAsync(slot.Streams, "The reader", after, cancellationToken).ConfigureAwait(false);
        var upTo = end.Position;
        while (after < upTo)
        {
            var page = await slot.Streams.ReadAllAsync(after, upTo, direction, _options.PageSize, cancellationToken).ConfigureAwait(false);
            foreach (var stored in page)
            {
                yield return new RecordedEvent(stored, reading);
            }

            if (page.Count < _options.PageSize)
            {
                yield break;
            }

            (after, upTo) = direction == ReadDirection.Forwards ? (page[^1].Position, upTo) : (after, page[^1].Position - 1);
        }
    }

    public async IAsyncEnumerable<RecordedEvent> SubscribeAsync(long after = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var next = signal.Next;
            var end = await CatchUp.FindEndAsync(slot.Streams, "The subscription", after, cancellationToken).ConfigureAwait(false);
            while (after < end.Position)
            {
                var page = await slot.Streams.ReadAllAsync(after, end.Position, ReadDirection.Forwards, _options.PageSize, cancellationToken).ConfigureAwait(false);
                foreach (var stored in page)
                {
                    yield return new RecordedEvent(stored, reading);
                }

                after = page.Count < _options.PageSize ? end.Position : page[^1].Position;
            }

            await AppendSignal.WaitAsync(next, _options.PollInterval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask<StoreEnd> FindEndAsync(CancellationToken cancellationToken = default) => slot.Streams.FindEndAsync(cancellationToken);

    public async ValueTask SaveSnapshotAsync<TState>(string stream, long version, TState state, string? shape = null, CancellationToken cancellationToken = default)
        where TState : class
    {
        StreamName.Check(stream);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(version);
        ArgumentNullException.ThrowIfNull(state);
        var snapshot = snapshots.Seal(stream, version, state, typeof(TState), shape);
        await WriteAsync(
            Writable($"a snapshot of the stream '{stream}'"),
            async transaction =>
            {
                await slot.Streams.SaveSnapshotAsync(transaction, snapshot, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<Snapshot<TState>?> FindSnapshotAsync<TState>(string stream, string? shape = null, CancellationToken cancellationToken = default)
        where TState : class
    {
        StreamName.Check(stream);
        var stored = await SeeAsync(transaction => slot.Streams.FindSnapshotAsync(transaction, stream, cancellationToken), cancellationToken).ConfigureAwait(false);
        return stored is not null && snapshots.TryRead(stored, typeof(TState), shape) is TState state ? new Snapshot<TState>(state, stored.Version, stored.Time) : null;
    }

    /// <summary>Appends an event that is being dispatched, unless it is so because it was appended.</summary>
    internal async ValueTask AppendDispatchedAsync(string stream, object @event, EventContext context)
    {
        if (_dispatching?.Contains(@event) is true)
        {
            return;
        }

        StreamName.Check(stream);
        await AppendAsync(stream, ExpectedVersion.Any, [Seal(stream, @event, context, _options.Who?.Invoke(dispatcher.Services), metadata: null)], context.CancellationToken)
            .ConfigureAwait(false);
    }

    // What this transaction has appended itself is seen in it.
    private ValueTask<T> SeeAsync<T>(Func<DbTransaction?, ValueTask<T>> read, CancellationToken cancellationToken) =>
        !slot.Streams.JoinsTransactions ? read(null)
        : dispatcher.UnitOfWork is { IsLed: true } work ? read(work.Transaction)
        : AmbientWork.FindWritten(dispatcher.Services) is { } ambient ? ambient.UseAsync(slot.Deliveries, connection => read(new EnlistedTransaction(connection)), cancellationToken)
        : read(null);

    private ValueTask<T> WriteAsync<T>(PendingWork? work, Func<DbTransaction?, ValueTask<T>> write, CancellationToken cancellationToken) =>
        work?.Ambient is { } ambient ? ambient.WriteAsync(slot.Deliveries, write, cancellationToken) : write(work?.Transaction);

    private async ValueTask<AppendResult> AppendAsync(string stream, ExpectedVersion expected, List<NewEvent> sealedOnes, CancellationToken cancellationToken)
    {
        var work = Writable($"events of the stream '{stream}'");
        var result = await WriteAsync(work, transaction => slot.Streams.AppendAsync(transaction, stream, expected, sealedOnes, cancellationToken), cancellationToken).ConfigureAwait(false);
        if (work is null)
        {
            signal.Set();
        }
        else
        {
            work.WhenCommitted(signal.Set);
        }

        return result;
    }

    private async ValueTask DispatchAsync(IReadOnlyCollection<object> events, CancellationToken cancellationToken)
    {
        _dispatching ??= new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var each in events)
        {
            _dispatching.Add(each);
            try
            {
                await dispatcher.DispatchObjectAsync(each, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _dispatching.Remove(each);
            }
        }
    }

    private NewEvent Seal(string stream, object? @event, EventContext? context, string? who, string? metadata)
    {
        if (@event is null)
        {
            throw new ArgumentException($"One of the events for the stream '{stream}' is null.", nameof(@event));
        }

        var eventType = events.Find(@event.GetType()) ?? throw new CarillonException(
            $"An event of the type '{@event.GetType()}' was to be appended to the stream '{stream}', but the type has no name under which it could be stored. "
            + "Mark it with [Event(\"entity.action\")] in an assembly whose listeners are added, or call AddEvent<T>() for it in AddCarillon.");
        return new NewEvent { Envelope = recorder.Seal(eventType, @event, context, dispatcher.Cause), Who = who, Metadata = metadata };
    }

    /// <summary>The open unit of work that is written in; null for none.</summary>
    private PendingWork? Writable(string what) =>
        !slot.Streams.JoinsTransactions || dispatcher.FindWork(options: null) is not { } work ? null
        : work is { Transaction: not null, IsLed: true } || (work.Ambient is not null && slot.Streams.JoinsAmbientTransactions) ? work
        : throw new CarillonException(work.Ambient is not null
            ? $"Something was to be written ({what}) inside an ambient transaction (TransactionScope), but the {slot.Streams.Description} can take no part in one: both could not be committed together. Begin a "
                + "unit of work (IUnitOfWorkFactory.BeginAsync) instead of the TransactionScope; or append in a scope with TransactionScopeOption.Suppress, if it may stand alone."
            : $"Something was to be written ({what}) in a transaction that the event store cannot join: that of a context which has begun none yet. "
                + "Begin a unit of work (IUnitOfWorkFactory.BeginAsync), or join the transaction that is open (IUnitOfWorkFactory.Join).");
}
