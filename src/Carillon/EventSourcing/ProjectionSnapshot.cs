namespace Carillon.EventSourcing;

/// <summary>How far one generation of a projection has come.</summary>
public sealed record ProjectionSnapshot
{
    /// <summary>The name of the projection.</summary>
    public required string Name { get; init; }

    /// <summary>Which generation, from 1. A rebuild begins the next one.</summary>
    public required int Generation { get; init; }

    /// <summary>What the generation is for.</summary>
    public required ProjectionRole Role { get; init; }

    /// <summary>Whether it goes on.</summary>
    public required ProjectionStatus Status { get; init; }

    /// <summary>The position up to which everything was taken.</summary>
    public required long Position { get; init; }

    /// <summary>The position of the event that it failed on; null if it has not failed.</summary>
    public long? FailedPosition { get; init; }

    /// <summary>Why it failed, or why it does not come on though it is running; null if nothing is wrong.</summary>
    public string? Error { get; init; }

    /// <summary>The process that runs it; null if none does.</summary>
    public string? Owner { get; init; }

    /// <summary>Until when it has the projection to itself without a sign of life (UTC); null if none does.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }
}
