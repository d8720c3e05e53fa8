namespace Carillon.Deliveries.InMemory;

/// <summary>All rows, and the orders in which they are looked for. Not thread-safe: the store has the lock.</summary>
internal sealed class InMemoryRows
{
    private static readonly Comparer<InMemoryDelivery> ByIdOrder = Comparer<InMemoryDelivery>.Create(static (a, b) => a.Id.CompareTo(b.Id));
    private static readonly Comparer<InMemoryDelivery> DueOrder = Comparer<InMemoryDelivery>.Create(static (a, b) =>
    {
        var byDue = a.DueAt.CompareTo(b.DueAt);
        return byDue != 0 ? byDue : a.Id.CompareTo(b.Id);
    });

    private readonly Dictionary<long, InMemoryDelivery> _rows = [];
    private readonly SortedSet<InMemoryDelivery> _byDue = new(DueOrder);
    private readonly Dictionary<(string Queue, DeliveryPriority Priority), SortedSet<InMemoryDelivery>> _lanes = [];
    private readonly Dictionary<(string ListenerId, string Key), SortedSet<InMemoryDelivery>> _keys = [];
    private long _lastId;

    internal SortedSet<InMemoryDelivery> ById { get; } = new(ByIdOrder);

    internal InMemoryDelivery? Find(long id) => _rows.GetValueOrDefault(id);

    internal InMemoryDelivery? FindLeased(LeasedDelivery delivery) =>
        _rows.TryGetValue(delivery.Id, out var row) && row.State == DeliveryState.Leased && row.Token == delivery.Token ? row : null;

    /// <summary>What may be leased in a queue at some time, in the order in which it is.</summary>
    internal IEnumerable<InMemoryDelivery> Due(string queue, DateTimeOffset now)
    {
        for (var priority = DeliveryPriority.High; priority >= DeliveryPriority.Low; priority--)
        {
            if (_lanes.TryGetValue((queue, priority), out var lane))
            {
                foreach (var row in lane.TakeWhile(row => row.DueAt <= now))
                {
                    yield return row;
                }
            }
        }
    }

    internal DateTimeOffset? NextDue(DateTimeOffset after)
    {
        // The sets know ranges only between rows: the due ones come first, and are few where somebody works.
        foreach (var row in _byDue)
        {
            if (row.DueAt > after)
            {
                return row.DueAt;
            }
        }

        return null;
    }

    /// <summary>Those of one listener and key, in the order in which they were written.</summary>
    internal IEnumerable<InMemoryDelivery> OfKey(InMemoryDelivery row) => _keys.TryGetValue(KeyOf(row), out var rows) ? rows : [];

    internal InMemoryDelivery Add(NewDelivery delivery, DeliveryState state, DateTimeOffset dueAt)
    {
        var row = new InMemoryDelivery(++_lastId, delivery) { State = state, DueAt = dueAt };
        _rows.Add(row.Id, row);
        ById.Add(row);
        if (delivery.Key is not null)
        {
            if (!_keys.TryGetValue(KeyOf(row), out var rows))
            {
                _keys.Add(KeyOf(row), rows = new(ByIdOrder));
            }

            rows.Add(row);
        }

        Enter(row);
        return row;
    }

    /// <summary>The only place where the state and the due time of a row change: what is due is kept in order of them.</summary>
    internal void Move(InMemoryDelivery row, DeliveryState state, DateTimeOffset dueAt)
    {
        Leave(row);
        (row.State, row.DueAt) = (state, dueAt);
        Enter(row);
    }

    internal void Remove(InMemoryDelivery row)
    {
        Leave(row);
        ById.Remove(row);
        _rows.Remove(row.Id);
        if (row.Delivery.Key is not null && _keys[KeyOf(row)] is var rows && rows.Remove(row) && rows.Count == 0)
        {
            _keys.Remove(KeyOf(row));
        }
    }

    private static (string ListenerId, string Key) KeyOf(InMemoryDelivery row) => (row.ListenerId, row.Delivery.Key!.Value);

    private void Enter(InMemoryDelivery row)
    {
        if (!row.IsOpen)
        {
            return;
        }

        _byDue.Add(row);
        var name = (row.Delivery.Queue, row.Delivery.Priority);
        if (!_lanes.TryGetValue(name, out var lane))
        {
            _lanes.Add(name, lane = new(DueOrder));
        }

        lane.Add(row);
    }

    private void Leave(InMemoryDelivery row)
    {
        if (_byDue.Remove(row) && _lanes[(row.Delivery.Queue, row.Delivery.Priority)] is var lane && lane.Remove(row) && lane.Count == 0)
        {
            _lanes.Remove((row.Delivery.Queue, row.Delivery.Priority));
        }
    }
}
