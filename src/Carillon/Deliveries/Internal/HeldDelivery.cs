namespace Carillon.Deliveries.Internal;

/// <summary>A leased delivery while this process has it: waiting for a free place, running, or waiting to be settled.</summary>
internal sealed class HeldDelivery(LeasedDelivery delivery, DateTimeOffset leasedUntil)
{
    private readonly Lock _gate = new();

    // Under the gate: set while an attempt runs, so that its token can be cancelled from outside and never after it has ended.
    private CancellationTokenSource? _attempt;
    private bool _cancelled;

    internal LeasedDelivery Delivery => delivery;

    /// <summary>When the lease ends; moved on by the lease keeper alone.</summary>
    internal DateTimeOffset LeasedUntil { get; set; } = leasedUntil;

    /// <summary>Another worker has, or may have, leased the delivery: whatever comes of this attempt does not count.</summary>
    internal bool IsLost { get; private set; }

    /// <summary>Somebody has cancelled the delivery while this process has it.</summary>
    internal bool IsCancelRequested { get; private set; } = delivery.IsCancelRequested;

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

    internal void Cancel()
    {
        lock (_gate)
        {
            _cancelled = true;
            // What the listener has registered runs on a thread of its own: it may throw, block, or go on with the attempt and those after it.
            _ = _attempt?.CancelAsync();
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
}
