namespace Carillon.Testing.Internal;

/// <summary>A timer on simulated time. Its two times belong to the clock, which changes them under its own gate.</summary>
internal sealed class SimulatedTimer(SimulatedTime time, Action callback) : ITimer
{
    private volatile bool _isDisposed;

    internal DateTimeOffset? DueAt { get; set; }

    internal TimeSpan? Period { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_isDisposed)
        {
            return false;
        }

        time.Schedule(this, dueTime, period);
        if (dueTime == TimeSpan.Zero)
        {
            // Real timers of no delay go off by themselves; nobody has to move the clock for it.
            time.Advance(TimeSpan.Zero);
        }

        return true;
    }

    public void Dispose()
    {
        _isDisposed = true;
        time.Schedule(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void GoOff()
    {
        if (!_isDisposed)
        {
            callback();
        }
    }
}
