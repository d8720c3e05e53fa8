using Carillon.Envelopes;

namespace Carillon.Deliveries.InMemory;

/// <summary>A row of the in-memory store. Read and changed under the store's lock only.</summary>
internal sealed class InMemoryDelivery(long id, NewDelivery delivery)
{
    internal long Id => id;

    internal NewDelivery Delivery => delivery;

    internal string ListenerId => delivery.ListenerId;

    /// <summary>The event: that of the latest of those that took the place of one another.</summary>
    internal Envelope Envelope { get; set; } = delivery.Envelope;

    internal DeliveryState State { get; set; }

    /// <summary>When it may run next, when its lease ends, or when it was settled; the store's order of what is due hangs on it.</summary>
    internal DateTimeOffset DueAt { get; set; }

    internal int Attempt { get; set; }

    internal long Token { get; set; }

    internal string? Owner { get; set; }

    internal string? Error { get; set; }

    internal List<DeliveryAttempt>? FailedAttempts { get; private set; }

    internal DateTimeOffset? KeepUntil { get; set; }

    internal long? Behind { get; set; }

    internal bool IsCancelRequested { get; set; }

    /// <summary>Whether its unique key keeps others away now.</summary>
    internal bool HoldsUnique { get; set; }

    internal bool IsOpen => State is DeliveryState.Scheduled or DeliveryState.Ready or DeliveryState.Leased;

    /// <summary>Whether it keeps those behind it, in an order, from their turn.</summary>
    internal bool IsUnsettled => IsOpen || State is DeliveryState.Failed or DeliveryState.Parked;

    internal bool IsLeasedAt(DateTimeOffset now) => State == DeliveryState.Leased && DueAt > now;

    internal DeliveryState StateAt(DateTimeOffset now) =>
        State == DeliveryState.Scheduled && DueAt <= now ? DeliveryState.Ready : State;

    internal void AddFailedAttempt(DateTimeOffset at, string? error) => (FailedAttempts ??= []).Add(new DeliveryAttempt(Attempt, at, error ?? string.Empty));

    internal LeasedDelivery ToLeased(DateTimeOffset dueAt) => new()
    {
        Id = id,
        Token = Token,
        Attempt = Attempt,
        ListenerId = delivery.ListenerId,
        Envelope = Envelope,
        Queue = delivery.Queue,
        DueAt = dueAt,
        Key = delivery.Key?.Value,
        IsCancelRequested = IsCancelRequested,
    };

    internal DeliverySnapshot ToSnapshot(DateTimeOffset now) => new()
    {
        Id = id,
        State = StateAt(now),
        EventId = Envelope.Id,
        EventName = Envelope.EventName,
        ListenerId = delivery.ListenerId,
        Attempts = Attempt,
        CreatedAt = Envelope.Time,
        DueAt = DueAt,
        Owner = Owner,
        Error = Error,
        CorrelationId = Envelope.CorrelationId,
        Queue = delivery.Queue,
        Priority = delivery.Priority,
        Key = delivery.Key?.Value,
        Behind = Behind,
        UniqueKey = HoldsUnique ? delivery.Unique!.Key : null,
        IsCancelRequested = IsCancelRequested,
    };

    internal DeliveryDetails ToDetails(DateTimeOffset now) => new(ToSnapshot(now), Envelope, FailedAttempts is null ? [] : [.. FailedAttempts]);
}
