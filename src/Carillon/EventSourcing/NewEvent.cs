using Carillon.Envelopes;

namespace Carillon.EventSourcing;

/// <summary>An event that is to be appended, as stores get it.</summary>
public sealed class NewEvent
{
    /// <summary>The event as bytes, with its headers.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>Who has caused it; null if nobody is known.</summary>
    public string? Who { get; init; }

    /// <summary>Further metadata as a JSON object; null if there is none.</summary>
    public string? Metadata { get; init; }
}
