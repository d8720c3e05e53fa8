using System.Data.Common;
using Carillon.Inbox;
using Carillon.Sagas;
using Carillon.Sagas.InMemory;

namespace Carillon.Deliveries.InMemory;

/// <summary>
/// Keeps deliveries in the memory of the process: for development and tests. Behaves as the databases do, and is gone with the process.
/// </summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class InMemoryDeliveryStore : IDeliveryStore, IInboxStore, ISagaStore
{
    private readonly Lock _gate = new();

    // Under _gate.
    private readonly InMemoryTable _table = new();
    private readonly InMemoryInbox _inbox = new();
    private readonly InMemorySagas _sagas = new();
    private readonly SortedDictionary<string, DateTimeOffset> _paused = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Description => "deliveries in memory";

    /// <inheritdoc/>
    public ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>False: memory takes part in no database transaction. A unit of work adds the deliveries right after its commit.</summary>
    public bool JoinsTransactions => false;

    /// <inheritdoc/>
    public string? WhyNotIn(DbConnection connection) => null;

    /// <inheritdoc/>
    public ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            for (var i = 0; i < deliveries.Count; i++)
            {
                _table.Add(deliveries[i]);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Always fails: see <see cref="JoinsTransactions"/>. Add them without a transaction, after the commit.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public ValueTask AddAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        throw new NotSupportedException(
            "Deliveries in memory cannot be written in a database transaction. Add them after the commit, or keep deliveries in that database (UseSqlite, UsePostgres).");

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_paused.ContainsKey(request.Queue) ? [] : _table.Lease(request));
        }
    }

    /// <inheritdoc/>
    public ValueTask<ExtendedLeases> ExtendAsync(
        IReadOnlyList<LeasedDelivery> deliveries, DateTimeOffset until, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<LeasedDelivery> lost = [];
        List<LeasedDelivery> cancelled = [];
        lock (_gate)
        {
            foreach (var delivery in deliveries)
            {
                if (_table.Rows.FindLeased(delivery) is not { } row)
                {
                    lost.Add(delivery);
                    continue;
                }

                _table.Rows.Move(row, DeliveryState.Leased, until);
                if (row.IsCancelRequested)
                {
                    cancelled.Add(delivery);
                }
            }
        }

        return new(new ExtendedLeases(lost, cancelled));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LeasedDelivery>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var settlement in settlements)
        {
            settlement.Check();
        }

        List<LeasedDelivery>? lost = null;
        lock (_gate)
        {
            foreach (var settlement in settlements)
            {
                if (_table.Rows.FindLeased(settlement.Delivery) is { } row)
                {
                    _table.Settle(row, settlement);
                }
                else
                {
                    (lost ??= []).Add(settlement.Delivery);
                }
            }
        }

        return new((IReadOnlyList<LeasedDelivery>?)lost ?? []);
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset?> GetNextDueAsync(DateTimeOffset after, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_table.Rows.NextDue(after));
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> SweepAsync(SweepRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var ready = 0;
        lock (_gate)
        {
            _inbox.Sweep(request.Now);
            _sagas.Sweep(request.Now);
            foreach (var row in _table.Rows.ById.ToList())
            {
                if (row is { State: DeliveryState.Parked, Behind: null }
                    && request.Known.EventNames.Contains(row.Envelope.EventName)
                    && request.Known.ListenerIds.Contains(row.ListenerId))
                {
                    row.Error = null;
                    _table.Rows.Move(row, DeliveryState.Ready, request.Now);
                    ready++;
                }
                else if (!row.IsOpen && row.KeepUntil <= request.Now)
                {
                    _table.Remove(row, request.Now);
                }
            }
        }

        return new(ready);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_table.Rows.ById.GroupBy(row => row.StateAt(now)).ToDictionary(group => group.Key, group => group.LongCount()));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.PageSize);
        lock (_gate)
        {
            var rows = query.OldestFirst ? _table.Rows.ById : _table.Rows.ById.Reverse();
            return new(rows
                .Where(row => query.AfterId is not { } last || (query.OldestFirst ? row.Id > last : row.Id < last))
                .Where(row => query.Matches(row, now))
                .Take(query.PageSize)
                .Select(row => row.ToSnapshot(now))
                .ToList());
        }
    }

    /// <inheritdoc/>
    public ValueTask<DeliveryDetails?> FindAsync(long id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_table.Rows.Find(id)?.ToDetails(now));
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> RetryAsync(IReadOnlyList<long> ids, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(ids, row => row.State is not DeliveryState.Leased && !IsWaiting(row) && _table.TryRetry(row, now), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> DiscardAsync(IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken) =>
        ChangeAsync(ids, row => CanBeGivenUp(row) && _table.GiveUp(row, DeliveryState.Discarded, now, keepUntil), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<CancelResult>> CancelAsync(
        IReadOnlyList<long> ids, DateTimeOffset now, DateTimeOffset? keepUntil, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(ids.Select(id => Cancel(_table.Rows.Find(id), now, keepUntil)).ToList());
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RescheduleAsync(long id, DateTimeOffset dueAt, DateTimeOffset now, CancellationToken cancellationToken) =>
        await ChangeAsync([id], row => IsWaiting(row) && _table.Reschedule(row, dueAt, now), cancellationToken).ConfigureAwait(false) == 1;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<QueueSnapshot>> ListQueuesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var open = _table.Rows.ById.Where(row => row.IsOpen).ToLookup(row => row.Delivery.Queue);
            return new(open.Select(queue => queue.Key).Union(_paused.Keys).Order(StringComparer.Ordinal)
                .Select(queue => Describe(queue, open[queue].ToList(), now))
                .ToList());
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyCollection<string>> ListPausedAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new([.. _paused.Keys]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> PauseAsync(string queue, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_paused.TryAdd(queue, now));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> ResumeAsync(string queue, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_paused.Remove(queue));
        }
    }

    /// <inheritdoc/>
    /// <remarks>Memory joins no transactions: the message is noted by itself, and stays so should the transaction be rolled back.</remarks>
    public ValueTask<bool> TryRecordAsync(
        DbTransaction? transaction, string consumer, string messageId, DateTimeOffset now, DateTimeOffset keepUntil, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_inbox.TryRecord(consumer, messageId, now, keepUntil));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> IsRecordedAsync(string consumer, string messageId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_inbox.IsRecorded(consumer, messageId, now));
        }
    }

    /// <inheritdoc/>
    public ValueTask ForgetAsync(string consumer, string messageId, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _inbox.Forget(consumer, messageId);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<FoundSaga?> FindAsync(DbTransaction? transaction, string saga, string key, string step, Guid eventId, CancellationToken cancellationToken) =>
        WithSagas(sagas => sagas.Find(saga, key, step, eventId), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Memory joins no transactions: the saga is saved by itself.</remarks>
    public ValueTask<bool> SaveAsync(DbTransaction? transaction, SagaInstance instance, SagaEntry entry, CancellationToken cancellationToken) =>
        WithSagas(sagas => sagas.TrySave(instance, entry), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SagaInstance>> ListAsync(SagaQuery query, CancellationToken cancellationToken) =>
        WithSagas<IReadOnlyList<SagaInstance>>(sagas => sagas.List(query), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SagaEntry>> ListEntriesAsync(string saga, string key, CancellationToken cancellationToken) =>
        WithSagas<IReadOnlyList<SagaEntry>>(sagas => sagas.ListEntries(saga, key), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<SagaStatus, long>> CountAsync(string? saga, CancellationToken cancellationToken) =>
        WithSagas<IReadOnlyDictionary<SagaStatus, long>>(sagas => sagas.Count(saga), cancellationToken);

    private ValueTask<TResult> WithSagas<TResult>(Func<InMemorySagas, TResult> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(work(_sagas));
        }
    }

    private static bool IsWaiting(InMemoryDelivery row) => row.State is DeliveryState.Scheduled or DeliveryState.Ready;

    private static bool CanBeGivenUp(InMemoryDelivery row) => IsWaiting(row) || row.State is DeliveryState.Failed or DeliveryState.Parked;

    private static QueueSnapshot Describe(List<InMemoryDelivery> open, string queue, DateTimeOffset? pausedAt, DateTimeOffset now)
    {
        var waiting = open.FindAll(row => row.StateAt(now) == DeliveryState.Ready);
        return new QueueSnapshot(
            queue,
            Math.Min(waiting.Count, QueueSnapshot.MaxCounted),
            Math.Min(open.Count(row => row.State == DeliveryState.Leased), QueueSnapshot.MaxCounted),
            waiting.Count == 0 ? null : waiting.Min(row => row.DueAt),
            pausedAt);
    }

    private QueueSnapshot Describe(string queue, List<InMemoryDelivery> open, DateTimeOffset now) =>
        Describe(open, queue, _paused.TryGetValue(queue, out var pausedAt) ? pausedAt : null, now);

    private CancelResult Cancel(InMemoryDelivery? row, DateTimeOffset now, DateTimeOffset? keepUntil)
    {
        if (row?.State == DeliveryState.Leased)
        {
            row.IsCancelRequested = true;
            return CancelResult.Requested;
        }

        if (row is null || !CanBeGivenUp(row))
        {
            return CancelResult.TooLate;
        }

        _table.GiveUp(row, DeliveryState.Cancelled, now, keepUntil);
        return CancelResult.Cancelled;
    }

    private ValueTask<int> ChangeAsync(
        IReadOnlyList<long> ids, Predicate<InMemoryDelivery> tryChange, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var changed = 0;
        lock (_gate)
        {
            foreach (var id in ids)
            {
                if (_table.Rows.Find(id) is { } row && tryChange(row))
                {
                    changed++;
                }
            }
        }

        return new(changed);
    }
}
