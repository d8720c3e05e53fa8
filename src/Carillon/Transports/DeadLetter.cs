using Carillon.Envelopes;

namespace Carillon.Transports;

/// <summary>An event that a subscription has given up. Immutable.</summary>
public sealed class DeadLetter
{
    /// <summary>Names it within its subscription; a word of the transport.</summary>
    public required string Id { get; init; }

    /// <summary>Why it was given up.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether it is here because the application did not know its name.</summary>
    public bool IsParked { get; init; }

    /// <summary>When it was given up (UTC), by the clock of whoever did.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>What the sender says the body is; null if it says nothing.</summary>
    public string? ContentType { get; init; }

    /// <summary>The headers with which it arrived.</summary>
    public required IReadOnlyList<EventHeader> Headers { get; init; }

    /// <summary>The body.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}
