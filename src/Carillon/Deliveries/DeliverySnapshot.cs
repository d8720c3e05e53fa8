namespace Carillon.Deliveries;

/// <summary>A delivery as it stood when it was read.</summary>
public sealed record DeliverySnapshot
{
    /// <summary>The id in the store.</summary>
    public required long Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required DeliveryState State { get; init; }

    /// <summary>The id of the event.</summary>
    public required Guid EventId { get; init; }

    /// <summary>The name of the event.</summary>
    public required string EventName { get; init; }

    /// <summary>The id of the listener.</summary>
    public required string ListenerId { get; init; }

    /// <summary>How many attempts have begun.</summary>
    public required int Attempts { get; init; }

    /// <summary>When its event was dispatched (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it may run next (UTC); for a leased one, when its lease ends; for a settled one, when it was settled.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>The worker that has it, or had it last; null if none ever had.</summary>
    public string? Owner { get; init; }

    /// <summary>Why the last attempt failed, or why it is parked; null if nothing went wrong.</summary>
    public string? Error { get; init; }

    /// <summary>What the delivery belongs to.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Its place among those that are due.</summary>
    public DeliveryPriority Priority { get; init; }

    /// <summary>The value of its key; null if it has none.</summary>
    public string? Key { get; init; }

    /// <summary>The id of the delivery of the same key behind which it is parked; null if it is not.</summary>
    public long? Behind { get; init; }

    /// <summary>The key by which it is unique; null if it is not, or not any more.</summary>
    public string? UniqueKey { get; init; }

    /// <summary>Whether somebody has cancelled it while a worker has it.</summary>
    public bool IsCancelRequested { get; init; }
}
