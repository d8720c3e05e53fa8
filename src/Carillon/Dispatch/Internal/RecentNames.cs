using System.Collections.Concurrent;

namespace Carillon.Dispatch.Internal;

/// <summary>
/// The names that were emitted of late. Names may be made up at run time, without end: what was not used for some time is forgotten, what is used stays.
/// </summary>
internal sealed class RecentNames
{
    /// <summary>So many new names make the older ones, of which none was asked for since, go.</summary>
    internal const int Room = 1024;

    private readonly Lock _gate = new();
    private volatile ConcurrentDictionary<string, NamePlan> _young = new(StringComparer.Ordinal);
    private volatile ConcurrentDictionary<string, NamePlan> _old = new(StringComparer.Ordinal);

    // Counted under the gate: asking the dictionary would take all its locks.
    private int _count;

    internal int Count => _young.Count + _old.Count;

    internal NamePlan? Find(string name) =>
        _young.TryGetValue(name, out var young) ? young
        : _old.TryGetValue(name, out var old) ? Add(old)
        : null;

    internal NamePlan Add(NamePlan plan)
    {
        lock (_gate)
        {
            var kept = _young.GetOrAdd(plan.Name, plan);
            if (ReferenceEquals(kept, plan) && ++_count >= Room)
            {
                _old = _young;
                _young = new ConcurrentDictionary<string, NamePlan>(StringComparer.Ordinal);
                _count = 0;
            }

            return kept;
        }
    }
}
