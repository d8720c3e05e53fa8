using Carillon.Deliveries.Internal;

namespace Carillon.EventSourcing.Internal;

/// <summary>
/// Renews the lease of a projection while a batch is under way: one that takes longer than the lease would be begun anew by another process, that one's by the next, and none would
/// come to its end.
/// </summary>
internal sealed class ProjectionLeaseKeeper : IAsyncDisposable
{
    private readonly IProjectionStore _store;
    private readonly ProjectionLease _lease;
    private readonly long _position;
    private readonly TimeSpan _duration;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private Task _renewal = Task.CompletedTask;

    /// <param name="store">Where the lease is.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="position">How far the projection has come before the batch.</param>
    /// <param name="duration">How long the lease lasts each time.</param>
    /// <param name="time">The clock.</param>
    internal ProjectionLeaseKeeper(IProjectionStore store, ProjectionLease lease, long position, TimeSpan duration, TimeProvider time)
    {
        (_store, _lease, _position, _duration, _time) = (store, lease, position, duration, time);
        // A store that is away, or a writer that has to wait for the batch itself, is met by the end of the batch too, which tells of it.
        _ = PeriodicWork.RunAsync(duration / 3, time, RenewAsync, static _ => { }, _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        var renewal = Volatile.Read(ref _renewal);
        if (!renewal.IsCompleted)
        {
            // Not for ever: a batch that has locked the row itself would wait here for its own end. A renewal that comes late does no harm.
            await renewal.WaitAsync(_duration / 3, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _stop.Dispose();
    }

    private ValueTask RenewAsync(CancellationToken stop)
    {
        var renewal = _store.AdvanceAsync(null, _lease, _position, _time.GetUtcNow() + _duration, stop).AsTask();
        Volatile.Write(ref _renewal, renewal);
        return new ValueTask(renewal);
    }
}
