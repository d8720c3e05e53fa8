using Carillon.Envelopes;

namespace Carillon.Transports;

/// <summary>An event as it leaves. Immutable.</summary>
public sealed class OutgoingEvent
{
    /// <summary>The name of the event, by which it is routed: <c>poll.created</c>. Up to 200 characters.</summary>
    public required string EventName { get; init; }

    /// <summary>The id of the event: the same each time it is published.</summary>
    public required Guid Id { get; init; }

    /// <summary>The key whose order ordered subscriptions keep; null if it has none. Is among the headers too.</summary>
    public string? Key { get; init; }

    /// <summary>What the body is: <c>application/json</c>, or <c>application/cloudevents+json</c>.</summary>
    public required string ContentType { get; init; }

    /// <summary>All headers that go with it. The transport adds none of them, changes none, and may add its own, beginning with <c>carillon-</c>.</summary>
    public required IReadOnlyList<EventHeader> Headers { get; init; }

    /// <summary>The body, to be sent as it is.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}
