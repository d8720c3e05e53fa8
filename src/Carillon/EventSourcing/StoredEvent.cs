using Carillon.Envelopes;

namespace Carillon.EventSourcing;

/// <summary>An event as stores give it back: bytes and headers.</summary>
public sealed class StoredEvent
{
    /// <summary>Its place among all events of the store, from 1, rising; there may be gaps.</summary>
    public required long Position { get; init; }

    /// <summary>The stream.</summary>
    public required string Stream { get; init; }

    /// <summary>Its place in its stream, from 1, without gaps.</summary>
    public required long Version { get; init; }

    /// <summary>The event as bytes, with its headers.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>Who has caused it; null if nobody is known.</summary>
    public string? Who { get; init; }

    /// <summary>Further metadata as a JSON object; null if there is none.</summary>
    public string? Metadata { get; init; }
}
