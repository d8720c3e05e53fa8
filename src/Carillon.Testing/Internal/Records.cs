namespace Carillon.Testing.Internal;

/// <summary>Dispatches and calls in order, and a signal for those who wait for more.</summary>
internal sealed class Records
{
    private readonly Lock _gate = new();
    private readonly List<RecordedEvent> _dispatches = [];
    private readonly List<RecordedCall> _calls = [];
    private TaskCompletionSource? _changed;

    internal RecordedEvent[] Dispatches()
    {
        lock (_gate)
        {
            return [.. _dispatches];
        }
    }

    internal RecordedCall[] Calls()
    {
        lock (_gate)
        {
            return [.. _calls];
        }
    }

    internal void Add(RecordedEvent dispatch)
    {
        lock (_gate)
        {
            _dispatches.Add(dispatch);
        }
    }

    internal void Add(RecordedCall call)
    {
        lock (_gate)
        {
            _calls.Add(call);
        }

        Tell();
    }

    internal void Clear()
    {
        lock (_gate)
        {
            _dispatches.Clear();
            _calls.Clear();
        }
    }

    /// <summary>Completes with the next change: take it before looking.</summary>
    internal Task NextChange()
    {
        lock (_gate)
        {
            return (_changed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    internal void Tell()
    {
        lock (_gate)
        {
            _changed?.SetResult();
            _changed = null;
        }
    }
}
