namespace Carillon.Deliveries;

/// <summary>What becomes of a leased delivery.</summary>
public sealed class Settlement
{
    /// <summary>For stores: why a delivery that should have come again is discarded.</summary>
    public const string SupersededReason = "A newer delivery with the same unique key waits, so this one does not come again.";

    /// <summary>The delivery, with the token under which it was leased.</summary>
    public required LeasedDelivery Delivery { get; init; }

    /// <summary>How the attempt ended.</summary>
    public required DeliveryOutcome Outcome { get; init; }

    /// <summary>When the attempt ended (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When the next attempt is due (UTC), for <see cref="DeliveryOutcome.Retry"/> and <see cref="DeliveryOutcome.Snoozed"/>.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>
    /// Until when a delivery that is over (completed, failed, discarded, cancelled) is kept (UTC). Null: a completed one is removed at once, and the others stay
    /// until somebody does something about them.
    /// </summary>
    public DateTimeOffset? KeepUntil { get; init; }

    /// <summary>The reason, unless the listener has simply run. Of an attempt that failed it is kept beside those of the attempts before.</summary>
    public string? Error { get; init; }

    /// <summary>
    /// Set by the store: an open transaction has written the unique key that the delivery would take again, so that nobody knows yet whether a newer one waits. Nothing has changed; settle it again
    /// after a while, and extend its lease until then.
    /// </summary>
    public bool IsDeferred { get; set; }

    /// <summary>For stores: refuses, before anything is written, what no store could carry out.</summary>
    /// <exception cref="ArgumentException">The outcome is none, or is one that comes again and does not say when.</exception>
    public void Check()
    {
        if (!Enum.IsDefined(Outcome))
        {
            throw new ArgumentException($"The settlement of delivery {Delivery.Id} has the outcome {Outcome}, which is none.");
        }

        if (Outcome is DeliveryOutcome.Retry or DeliveryOutcome.Snoozed && RetryAt is null)
        {
            throw new ArgumentException($"The settlement of delivery {Delivery.Id} is '{Outcome}' and does not say when it comes again: set RetryAt.");
        }
    }
}
