namespace Carillon.Deliveries.InMemory;

/// <summary>A row of the in-memory store. Read and changed under the store's lock only.</summary>
internal sealed class InMemoryDelivery(long id, NewDelivery delivery)
{
    internal long Id => id;

    internal NewDelivery Delivery => delivery;

    internal DeliveryState State { get; set; }

    /// <summary>When it may run next, when its lease ends, or when it was settled; the store's order of what is due hangs on it.</summary>
    internal DateTimeOffset DueAt { get; set; }

    internal int Attempt { get; set; }

    internal long Token { get; set; }

    internal string? Owner { get; set; }

    internal string? Error { get; set; }

    internal DateTimeOffset? KeepUntil { get; set; }

    internal bool IsOpen => State is DeliveryState.Scheduled or DeliveryState.Ready or DeliveryState.Leased;

    internal DeliveryState StateAt(DateTimeOffset now) =>
        State == DeliveryState.Scheduled && DueAt <= now ? DeliveryState.Ready : State;

    internal LeasedDelivery ToLeased() => new()
    {
        Id = id,
        Token = Token,
        Attempt = Attempt,
        ListenerId = delivery.ListenerId,
        Envelope = delivery.Envelope,
    };

    internal DeliverySnapshot ToSnapshot(DateTimeOffset now) => new()
    {
        Id = id,
        State = StateAt(now),
        EventId = delivery.Envelope.Id,
        EventName = delivery.Envelope.EventName,
        ListenerId = delivery.ListenerId,
        Attempts = Attempt,
        CreatedAt = delivery.Envelope.Time,
        DueAt = DueAt,
        Owner = Owner,
        Error = Error,
        CorrelationId = delivery.Envelope.CorrelationId,
    };
}
