namespace Carillon.EventSourcing;

/// <summary>How a projection is.</summary>
public sealed record ProjectionState
{
    /// <summary>The name of the projection.</summary>
    public required string Name { get; init; }

    /// <summary>The generation that is read.</summary>
    public required int Generation { get; init; }

    /// <summary>Whether it goes on.</summary>
    public required ProjectionStatus Status { get; init; }

    /// <summary>The position up to which everything was taken.</summary>
    public required long Position { get; init; }

    /// <summary>How many positions it is behind the last one that was given. Positions that were rolled back count, since nobody can tell them apart.</summary>
    public required long Lag { get; init; }

    /// <summary>The transaction that holds it back, together with everybody who reads all events; null if none does.</summary>
    public string? HeldBackBy { get; init; }

    /// <summary>Why it failed, or why it does not come on though it is running; null if nothing is wrong.</summary>
    public string? Error { get; init; }

    /// <summary>The position of the event that it failed on; null if it has not failed.</summary>
    public long? FailedPosition { get; init; }

    /// <summary>The process that runs it; null if none does.</summary>
    public string? Owner { get; init; }

    /// <summary>The generation that is built beside it, and how far that has come; null if none is.</summary>
    public ProjectionSnapshot? Building { get; init; }
}
