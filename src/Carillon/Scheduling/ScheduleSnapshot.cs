namespace Carillon.Scheduling;

/// <summary>A schedule as it stood when it was read.</summary>
public sealed record ScheduleSnapshot
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Which times they are, as the schedule itself says: <c>every 00:10:00</c>.</summary>
    public required string Description { get; init; }

    /// <summary>When it runs next (UTC); null if it is paused or has no time any more.</summary>
    public DateTimeOffset? Next { get; init; }

    /// <summary>The time for which it ran last (UTC), runs by hand and at start left aside; null if it never did.</summary>
    public DateTimeOffset? Last { get; init; }

    /// <summary>Whether it is paused.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Whether this application has it. One that was taken out of the code, or belongs to another application with the same store, does not run here.</summary>
    public bool IsKnown { get; init; }
}
