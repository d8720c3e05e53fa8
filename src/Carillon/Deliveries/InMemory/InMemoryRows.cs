namespace Carillon.Deliveries.InMemory;

/// <summary>All rows, and the orders in which they are looked for. Not thread-safe: the store has the lock.</summary>
internal sealed class InMemoryRows
{
    internal static readonly Comparer<InMemoryDelivery> ByIdOrder = Comparer<InMemoryDelivery>.Create(static (a, b) => a.Id.CompareTo(b.Id));

    private static readonly Comparer<InMemoryDelivery> DueOrder = Comparer<InMemoryDelivery>.Create(static (a, b) =>
    {
        var byDue = a.DueAt.CompareTo(b.DueAt);
        return byDue != 0 ? byDue : a.Id.CompareTo(b.Id);
    });

    /// <summary>The order in which deliveries of a queue are leased.</summary>
    internal static readonly Comparer<InMemoryDelivery> PlaceOrder = Comparer<InMemoryDelivery>.Create(static (a, b) =>
    {
        var byPriority = b.Delivery.Priority.CompareTo(a.Delivery.Priority);
        return byPriority != 0 ? byPriority : DueOrder.Compare(a, b);
    });

    private readonly Dictionary<long, InMemoryDelivery> _rows = [];
    private readonly SortedSet<InMemoryDelivery> _byDue = new(DueOrder);
    private readonly Dictionary<(string Queue, DeliveryPriority Priority), SortedSet<InMemoryDelivery>> _lanes = [];
    private readonly Dictionary<(string ListenerId, string Key), InMemoryKey> _keys = [];
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

    /// <summary>Those of its listener and key that are not settled; null if there are none.</summary>
    internal InMemoryKey? OfKey(InMemoryDelivery row) => _keys.GetValueOrDefault(KeyOf(row));

    internal InMemoryDelivery Add(NewDelivery delivery, DeliveryState state, DateTimeOffset dueAt)
    {
        var row = new InMemoryDelivery(++_lastId, delivery) { State = state, DueAt = dueAt };
        _rows.Add(row.Id, row);
        ById.Add(row);
        Enter(row);
        return row;
    }

    /// <summary>The only place where the state and the due time of a row change: what is due is kept in order of them.</summary>
    internal void Move(InMemoryDelivery row, DeliveryState state, DateTimeOffset dueAt, long? behind = null)
    {
        Leave(row);
        (row.State, row.DueAt, row.Behind) = (state, dueAt, behind);
        Enter(row);
    }

    internal void Remove(InMemoryDelivery row)
    {
        Leave(row);
        ById.Remove(row);
        _rows.Remove(row.Id);
    }

    private static (string ListenerId, string Key) KeyOf(InMemoryDelivery row) => (row.ListenerId, row.Delivery.Key!.Value);

    private void Enter(InMemoryDelivery row)
    {
        if (row.Delivery.Key is not null && row.IsUnsettled)
        {
            if (!_keys.TryGetValue(KeyOf(row), out var others))
            {
                _keys.Add(KeyOf(row), others = new());
            }

            others.Enter(row);
        }

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
        if (row.Delivery.Key is not null && OfKey(row) is { } others)
        {
            others.Leave(row);
            if (others.Unsettled.Count == 0)
            {
                _keys.Remove(KeyOf(row));
            }
        }

        if (_byDue.Remove(row) && _lanes[(row.Delivery.Queue, row.Delivery.Priority)] is var lane && lane.Remove(row) && lane.Count == 0)
        {
            _lanes.Remove((row.Delivery.Queue, row.Delivery.Priority));
        }
    }
}
