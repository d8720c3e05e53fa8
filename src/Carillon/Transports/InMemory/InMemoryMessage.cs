using Carillon.Envelopes;

namespace Carillon.Transports.InMemory;

/// <summary>An event in one queue: each queue has its own.</summary>
internal sealed class InMemoryMessage(OutgoingEvent @event, ReadOnlyMemory<byte> body)
{
    internal string? Key => @event.Key;

    internal string ContentType => @event.ContentType;

    internal IReadOnlyList<EventHeader> Headers => @event.Headers;

    internal ReadOnlyMemory<byte> Body => body;

    internal int Attempt { get; set; } = 1;

    internal IncomingEvent Incoming() => new() { ContentType = ContentType, Headers = Headers, Body = body, Attempt = Attempt };
}
