using Carillon.Deliveries;
using Carillon.Envelopes;

namespace Carillon.Conformance.Internal;

/// <summary>A delivery as the model knows it. Whether one that waits is scheduled, ready or parked behind another is the store's affair.</summary>
internal sealed class ModelDelivery(long id, NewDelivery written)
{
    internal long Id => id;

    internal NewDelivery Written => written;

    internal DeliveryKey? Key => written.Key;

    internal DeliveryUniqueness? Unique => written.Unique;

    internal Envelope Envelope { get; set; } = written.Envelope;

    /// <summary><see cref="DeliveryState.Ready"/> for all that wait for their time or their turn; <see cref="DeliveryState.Parked"/> only for want of a name.</summary>
    internal DeliveryState State { get; set; } = DeliveryState.Ready;

    internal DateTimeOffset DueAt { get; set; } = written.DueAt;

    internal int Attempts { get; set; }

    internal long Token { get; set; }

    internal string? Owner { get; set; }

    internal string? Error { get; set; }

    internal List<DeliveryAttempt> FailedAttempts { get; } = [];

    internal DateTimeOffset? KeepUntil { get; set; }

    internal bool IsCancelRequested { get; set; }

    internal bool HoldsUnique { get; set; }

    /// <summary>Whether the store had it parked behind another one when it was last looked at.</summary>
    internal bool IsSeenParked { get; set; }

    /// <summary>Whether it was put aside when its lease had ended.</summary>
    internal bool IsTakenFromTheDead { get; private set; }

    internal bool IsWaiting => State == DeliveryState.Ready;

    internal bool IsOver => State is DeliveryState.Completed or DeliveryState.Discarded or DeliveryState.Cancelled or DeliveryState.Failed;

    internal bool IsUnsettled => IsWaiting || State is DeliveryState.Leased or DeliveryState.Failed or DeliveryState.Parked;

    internal bool IsLeasedAt(DateTimeOffset now) => State == DeliveryState.Leased && DueAt > now;

    internal bool IsLapsedAt(DateTimeOffset now) => State == DeliveryState.Leased && DueAt <= now;

    /// <summary>Compares it with what the store shows, and notes what the store may choose.</summary>
    internal void Meet(DeliverySnapshot seen, DateTimeOffset now)
    {
        IsSeenParked = seen is { State: DeliveryState.Parked, Behind: not null };
        if (IsSeenParked && Key is not null && IsLapsedAt(now))
        {
            IsTakenFromTheDead = true;
            State = DeliveryState.Ready; // put aside when somebody wanted to take it over while others of its key ran
        }

        var expected = new DeliverySnapshot
        {
            Id = Id,
            State = IsWaiting && IsSeenParked && Key is not null ? DeliveryState.Parked : IsWaiting && DueAt > now ? DeliveryState.Scheduled : State,
            EventId = Envelope.Id,
            EventName = Envelope.EventName,
            ListenerId = Written.ListenerId,
            Attempts = Attempts,
            CreatedAt = Envelope.Time,
            DueAt = DueAt,
            Owner = Owner,
            Error = Error,
            CorrelationId = Envelope.CorrelationId,
            Queue = Written.Queue,
            Priority = Written.Priority,
            Key = Key?.Value,
            Behind = IsWaiting && IsSeenParked ? seen.Behind : null,
            // What has counted for a period that is over may show its key until somebody asks.
            UniqueKey = Unique?.EndsAt <= now ? seen.UniqueKey : HoldsUnique ? Unique!.Key : null,
            IsCancelRequested = IsCancelRequested,
        };
        seen.ShouldBe(expected);
    }
}
