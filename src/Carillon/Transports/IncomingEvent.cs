using Carillon.Envelopes;

namespace Carillon.Transports;

/// <summary>An event as it arrives: bytes and text of which nothing is certain.</summary>
/// <threadsafety>Belongs to one call of the receiver. Its body may be used until that call ends, and not after.</threadsafety>
public sealed class IncomingEvent
{
    /// <summary>What the sender says the body is; null if it says nothing.</summary>
    public string? ContentType { get; init; }

    /// <summary>The headers, in any order. One that is there twice is there twice.</summary>
    public required IReadOnlyList<EventHeader> Headers { get; init; }

    /// <summary>The body. The transport may use the memory again when the call of the receiver has ended.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>
    /// How often this subscription has been given the event, counted from 1: each <see cref="ReceiveAction.Retry"/> adds one. A lost connection adds none, so that an
    /// event that did no harm is not given up for one that did.
    /// </summary>
    public int Attempt { get; init; } = 1;
}
