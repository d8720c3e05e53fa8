namespace Carillon.Sagas.InMemory;

/// <summary>Sagas in the memory of the process. Not thread-safe: the store has the lock.</summary>
internal sealed class InMemorySagas
{
    // By name and key, as the databases list them.
    private readonly SortedDictionary<(string Saga, string Key), (SagaInstance Instance, List<SagaEntry> Entries)> _sagas = new(ByCodePoint.Instance);

    internal FoundSaga? Find(string saga, string key, string step, Guid eventId) =>
        _sagas.TryGetValue((saga, key), out var found)
            ? new FoundSaga(found.Instance, found.Entries.Exists(entry => entry.EventId == eventId && entry.Step == step))
            : null;

    internal bool TrySave(SagaInstance instance, SagaEntry entry)
    {
        var isThere = _sagas.TryGetValue((instance.Saga, instance.Key), out var present);
        if ((isThere ? present.Instance.Version : 0) != instance.Version - 1)
        {
            return false;
        }

        // What was given may be changed by its owner.
        var own = instance with { State = instance.State.ToArray(), Progress = instance.Progress.ToArray() };
        _sagas[(instance.Saga, instance.Key)] = (own, [.. present.Entries ?? [], entry]);
        return true;
    }

    internal List<SagaInstance> List(SagaQuery query) =>
    [
        .. _sagas
            .Where(each => query.After is not { } after || ByCodePoint.Instance.Compare(each.Key, after) > 0)
            .Select(each => each.Value.Instance)
            .Where(each => (query.Saga is null || query.Saga == each.Saga)
                && (query.Key is null || query.Key == each.Key)
                && (query.Status is null || query.Status == each.Status)
                && (query.UpdatedBefore is not { } before || each.UpdatedAt < before))
            .Take(query.PageSize),
    ];

    internal List<SagaEntry> ListEntries(string saga, string key) => _sagas.TryGetValue((saga, key), out var found) ? [.. found.Entries] : [];

    internal Dictionary<SagaStatus, long> Count(string? saga) =>
        _sagas.Values.Where(each => saga is null || each.Instance.Saga == saga).GroupBy(each => each.Instance.Status).ToDictionary(same => same.Key, same => same.LongCount());

    internal void Sweep(DateTimeOffset now)
    {
        foreach (var key in _sagas.Where(each => each.Value.Instance.KeepUntil <= now).Select(each => each.Key).ToList())
        {
            _sagas.Remove(key);
        }
    }

    // Databases compare the bytes of UTF-8, which are in the order of code points; a char of a surrogate pair is not.
    private sealed class ByCodePoint : IComparer<(string Saga, string Key)>
    {
        internal static readonly ByCodePoint Instance = new();

        public int Compare((string Saga, string Key) x, (string Saga, string Key) y) => Compare(x.Saga, y.Saga) is not 0 and var order ? order : Compare(x.Key, y.Key);

        private static int Compare(string x, string y)
        {
            var (left, right) = (x.EnumerateRunes(), y.EnumerateRunes());
            while (left.MoveNext())
            {
                if (!right.MoveNext())
                {
                    return 1;
                }

                if (left.Current.CompareTo(right.Current) is not 0 and var order)
                {
                    return order;
                }
            }

            return right.MoveNext() ? -1 : 0;
        }
    }
}
