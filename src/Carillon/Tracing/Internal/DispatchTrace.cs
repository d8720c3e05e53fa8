namespace Carillon.Tracing.Internal;

/// <summary>Keeps the last dispatches.</summary>
internal sealed class DispatchTrace(int capacity) : IDispatchTrace
{
    private readonly Lock _gate = new();
    private readonly Queue<TracedDispatch> _dispatches = new();
    private readonly List<string> _orphans = [];

    public IReadOnlyList<TracedDispatch> Dispatches
    {
        get
        {
            lock (_gate)
            {
                return [.. _dispatches];
            }
        }
    }

    public IReadOnlyList<string> Orphans
    {
        get
        {
            lock (_gate)
            {
                return [.. _orphans];
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _dispatches.Clear();
            _orphans.Clear();
        }
    }

    internal void Add(TracedDispatch dispatch)
    {
        lock (_gate)
        {
            // An event without listeners is a type or a name of the program; still, names can be made up without end.
            if (dispatch.IsOrphan && _orphans.Count < capacity && !_orphans.Contains(dispatch.EventName))
            {
                _orphans.Add(dispatch.EventName);
            }

            _dispatches.Enqueue(dispatch);
            if (_dispatches.Count > capacity)
            {
                _dispatches.Dequeue();
            }
        }
    }
}
