using System.Data.Common;

namespace Carillon.Deliveries.InMemory;

/// <summary>
/// Keeps deliveries in the memory of the process: for development and tests. Behaves as the databases do, and is gone with the process.
/// </summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class InMemoryDeliveryStore : IDeliveryStore
{
    private readonly Lock _gate = new();

    // Under _gate.
    private readonly Dictionary<long, InMemoryDelivery> _rows = [];
    private readonly SortedSet<InMemoryDelivery> _byId = new(Comparer<InMemoryDelivery>.Create(static (a, b) => a.Id.CompareTo(b.Id)));
    private readonly SortedSet<InMemoryDelivery> _byDue = new(Comparer<InMemoryDelivery>.Create(CompareDue));
    private long _lastId;

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
                Add(deliveries[i]);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Always fails: see <see cref="JoinsTransactions"/>. Add them without a transaction, after the commit.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public ValueTask AddAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken) =>
        throw new NotSupportedException(
            "Deliveries in memory cannot be written in a database transaction. Add them after the commit, or keep deliveries in that database (UseSqlite).");

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LeasedDelivery>> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var leased = new List<LeasedDelivery>();
        lock (_gate)
        {
            var due = _byDue.TakeWhile(row => row.DueAt <= request.Now).Take(request.MaxCount).ToList();
            foreach (var row in due)
            {
                row.Attempt++;
                row.Token++;
                row.Owner = request.Lease.Owner;
                Move(row, DeliveryState.Leased, request.Lease.Until);
                leased.Add(row.ToLeased());
            }
        }

        return new(leased);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LeasedDelivery>> ExtendAsync(
        IReadOnlyList<LeasedDelivery> deliveries, DateTimeOffset until, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<LeasedDelivery>? lost = null;
        lock (_gate)
        {
            foreach (var delivery in deliveries)
            {
                if (FindLeased(delivery) is { } row)
                {
                    Move(row, DeliveryState.Leased, until);
                }
                else
                {
                    (lost ??= []).Add(delivery);
                }
            }
        }

        return new((IReadOnlyList<LeasedDelivery>?)lost ?? []);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<LeasedDelivery>> SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var settlement in settlements)
        {
            Check(settlement);
        }

        List<LeasedDelivery>? lost = null;
        lock (_gate)
        {
            foreach (var settlement in settlements)
            {
                if (FindLeased(settlement.Delivery) is { } row)
                {
                    Settle(row, settlement);
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
    public ValueTask<DateTimeOffset?> GetNextDueAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_byDue.Min?.DueAt);
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> SweepAsync(KnownNames known, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var ready = 0;
        lock (_gate)
        {
            foreach (var row in _rows.Values)
            {
                if (row.State == DeliveryState.Parked
                    && known.EventNames.Contains(row.Delivery.Envelope.EventName)
                    && known.ListenerIds.Contains(row.Delivery.ListenerId))
                {
                    row.Error = null;
                    Move(row, DeliveryState.Ready, now);
                    ready++;
                }
                else if (row.KeepUntil <= now)
                {
                    Remove(row);
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
            return new(_rows.Values.GroupBy(row => row.StateAt(now)).ToDictionary(group => group.Key, group => group.LongCount()));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(query.PageSize);
        lock (_gate)
        {
            return new(_byId.Reverse()
                .Where(row => (query.BeforeId is not { } before || row.Id < before)
                    && (query.State is not { } state || row.StateAt(now) == state)
                    && (query.ListenerId is not { } listener || row.Delivery.ListenerId == listener)
                    && (query.EventName is not { } name || row.Delivery.Envelope.EventName == name))
                .Take(query.PageSize)
                .Select(row => row.ToSnapshot(now))
                .ToList());
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> RetryAsync(long id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_rows.TryGetValue(id, out var row)
                || row.State is not (DeliveryState.Failed or DeliveryState.Parked or DeliveryState.Discarded))
            {
                return new(false);
            }

            row.Attempt = 0;
            row.Error = null;
            Move(row, DeliveryState.Ready, now);
            return new(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DiscardAsync(long id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_rows.TryGetValue(id, out var row)
                || row.State is not (DeliveryState.Scheduled or DeliveryState.Ready or DeliveryState.Failed or DeliveryState.Parked))
            {
                return new(false);
            }

            Move(row, DeliveryState.Discarded, now);
            return new(true);
        }
    }

    private static int CompareDue(InMemoryDelivery a, InMemoryDelivery b)
    {
        var byDue = a.DueAt.CompareTo(b.DueAt);
        return byDue != 0 ? byDue : a.Id.CompareTo(b.Id);
    }

    private static void Check(Settlement settlement)
    {
        if (!Enum.IsDefined(settlement.Outcome))
        {
            throw new ArgumentOutOfRangeException(nameof(settlement), settlement.Outcome, "Not an outcome of an attempt.");
        }

        if (settlement is { Outcome: DeliveryOutcome.Retry, RetryAt: null })
        {
            throw new ArgumentException($"The settlement of delivery {settlement.Delivery.Id} is a retry and does not say when: set RetryAt.", nameof(settlement));
        }
    }

    private void Add(NewDelivery delivery)
    {
        var row = new InMemoryDelivery(++_lastId, delivery);
        if (delivery.Lease is { } lease)
        {
            (row.State, row.DueAt, row.Attempt, row.Token, row.Owner) = (DeliveryState.Leased, lease.Until, 1, 1, lease.Owner);
        }
        else
        {
            (row.State, row.DueAt) = (delivery.DueAt <= delivery.Envelope.Time ? DeliveryState.Ready : DeliveryState.Scheduled, delivery.DueAt);
        }

        _rows.Add(row.Id, row);
        _byId.Add(row);
        _byDue.Add(row);
        delivery.Id = row.Id;
    }

    private InMemoryDelivery? FindLeased(LeasedDelivery delivery) =>
        _rows.TryGetValue(delivery.Id, out var row) && row.State == DeliveryState.Leased && row.Token == delivery.Token ? row : null;

    private void Settle(InMemoryDelivery row, Settlement settlement)
    {
        switch (settlement.Outcome)
        {
            case DeliveryOutcome.Completed when settlement.KeepUntil is null:
                Remove(row);
                break;
            case DeliveryOutcome.Completed:
                row.Error = null;
                row.KeepUntil = settlement.KeepUntil;
                Move(row, DeliveryState.Completed, settlement.At);
                break;
            case DeliveryOutcome.Retry:
                row.Error = settlement.Error;
                Move(row, DeliveryState.Scheduled, settlement.RetryAt!.Value);
                break;
            case DeliveryOutcome.Failed:
                row.Error = settlement.Error;
                Move(row, DeliveryState.Failed, settlement.At);
                break;
            case DeliveryOutcome.Released:
                row.Attempt--;
                Move(row, DeliveryState.Ready, settlement.At);
                break;
            case DeliveryOutcome.Parked:
                row.Attempt--;
                row.Error = settlement.Error;
                Move(row, DeliveryState.Parked, settlement.At);
                break;
        }
    }

    /// <summary>The only place where the state and the due time of a row change: what is due is kept in order of them.</summary>
    private void Move(InMemoryDelivery row, DeliveryState state, DateTimeOffset dueAt)
    {
        _byDue.Remove(row);
        (row.State, row.DueAt) = (state, dueAt);
        if (row.IsOpen)
        {
            _byDue.Add(row);
        }
    }

    private void Remove(InMemoryDelivery row)
    {
        _byDue.Remove(row);
        _byId.Remove(row);
        _rows.Remove(row.Id);
    }
}
