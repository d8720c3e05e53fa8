namespace Carillon.Deliveries.Internal;

/// <summary>
/// The batches that were promised to this process and are on their way into the store: a stop waits for them, since what is written as leased by a process that is
/// gone waits until its lease ends.
/// </summary>
internal sealed class Claims
{
    private readonly TaskCompletionSource _none = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private volatile bool _isOpen;
    private volatile bool _isClosed;

    /// <summary>From now on there may be some.</summary>
    internal void Open() => _isOpen = true;

    /// <summary>Whether this process runs deliveries now.</summary>
    internal bool AreOpen => _isOpen && !_isClosed;

    /// <returns>False if there may be none, before the start and after the stop.</returns>
    internal bool TryBegin()
    {
        Interlocked.Increment(ref _count);
        if (AreOpen)
        {
            return true;
        }

        End();
        return false;
    }

    internal void End()
    {
        if (Interlocked.Decrement(ref _count) == 0 && _isClosed)
        {
            _none.TrySetResult();
        }
    }

    /// <summary>From now on there are no new ones.</summary>
    internal void Close()
    {
        _isClosed = true;
        if (Volatile.Read(ref _count) == 0)
        {
            _none.TrySetResult();
        }
    }

    /// <summary>Completed when the last one has ended after <see cref="Close"/>.</summary>
    internal Task None => _none.Task;
}
