namespace Carillon.Deliveries.Internal;

/// <summary>A leased delivery while this process has it: waiting for a free place, running, or waiting to be settled.</summary>
internal sealed class HeldDelivery(LeasedDelivery delivery, DateTimeOffset leasedUntil, Lane lane)
{
    private readonly Lock _gate = new();

    // Under the gate: set while an attempt runs, so that its token can be cancelled from outside and never after it has ended.
    private CancellationTokenSource? _attempt;
    private bool _cancelled;

    // In ticks, so that whoever looks from another thread sees all of it.
    private long _holdsStoreSince;

    internal LeasedDelivery Delivery => delivery;

    internal Lane Lane => lane;

    /// <summary>When it came into this process.</summary>
    internal DateTimeOffset Since { get; } = leasedUntil - lane.Settings.LeaseDuration;

    /// <summary>When the lease ends; moved on by the lease keeper alone.</summary>
    internal DateTimeOffset LeasedUntil { get; set; } = leasedUntil;

    /// <summary>Another worker has, or may have, leased the delivery: whatever comes of this attempt does not count.</summary>
    internal bool IsLost { get; private set; }

    /// <summary>Somebody has cancelled the delivery while this process has it.</summary>
    internal bool IsCancelRequested { get; private set; } = delivery.IsCancelRequested;

    /// <summary>The process stops: an attempt that ends by that does not count.</summary>
    internal bool IsStopping { get; private set; }

    /// <summary>The attempt has taken longer than its listener may.</summary>
    internal bool IsTimedOut { get; private set; }

    /// <summary>The delivery was completed in the transaction of its listener, or was lost there: nothing is left to settle.</summary>
    internal bool IsSettled { get; set; }

    /// <summary>
    /// The listener has run, and its completion is being written in its transaction: what became of the lease is told there, and whoever else finds the row gone sees that completion.
    /// </summary>
    internal bool IsSettling { get; set; }

    /// <summary>Since when a transaction of the listener keeps everybody else from writing to the store, and so from leasing; null if none does.</summary>
    internal DateTimeOffset? HoldsStoreSince
    {
        get => Volatile.Read(ref _holdsStoreSince) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
        set => Volatile.Write(ref _holdsStoreSince, value?.UtcTicks ?? 0);
    }

    /// <summary>What the attempt has failed with; null if it has not, or if the listener has only said so.</summary>
    internal Exception? Failure { get; set; }

    /// <summary>The attempt is over and its outcome on its way to the store.</summary>
    internal bool HasEnded { get; private set; }

    internal void Begin(CancellationTokenSource attempt)
    {
        lock (_gate)
        {
            _attempt = attempt;
            if (_cancelled)
            {
                attempt.Cancel();
            }
        }
    }

    internal void End()
    {
        lock (_gate)
        {
            _attempt = null;
            HasEnded = true;
        }
    }

    internal void Stop()
    {
        IsStopping = true;
        Cancel();
    }

    /// <returns>Whether the attempt was still running.</returns>
    internal bool TimeOut()
    {
        lock (_gate)
        {
            if (_attempt is null)
            {
                return false;
            }

            IsTimedOut = true;
            _ = _attempt.CancelAsync();
            return true;
        }
    }

    /// <summary>Somebody has cancelled the delivery: its attempt is to end, and to be the last.</summary>
    internal void CancelByRequest()
    {
        IsCancelRequested = true;
        Cancel();
    }

    internal void Lose()
    {
        IsLost = true;
        Cancel();
    }

    private void Cancel()
    {
        lock (_gate)
        {
            _cancelled = true;
            // What the listener has registered runs on a thread of its own: it may throw, block, or go on with the attempt and those after it.
            _ = _attempt?.CancelAsync();
        }
    }
}
