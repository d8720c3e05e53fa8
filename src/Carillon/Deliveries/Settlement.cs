namespace Carillon.Deliveries;

/// <summary>What becomes of a leased delivery.</summary>
public sealed class Settlement
{
    /// <summary>The delivery, with the token under which it was leased.</summary>
    public required LeasedDelivery Delivery { get; init; }

    /// <summary>How the attempt ended.</summary>
    public required DeliveryOutcome Outcome { get; init; }

    /// <summary>When the attempt ended (UTC).</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When the next attempt is due (UTC), for <see cref="DeliveryOutcome.Retry"/>.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Until when a completed delivery is kept (UTC); null to remove it at once.</summary>
    public DateTimeOffset? KeepUntil { get; init; }

    /// <summary>The reason, for a retry, a failure or a parked delivery.</summary>
    public string? Error { get; init; }
}
