namespace Carillon.Deliveries;

/// <summary>A queue as it stood when it was read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Waiting">How many deliveries are due and not leased. No more than <see cref="MaxCounted"/> are counted: if it is that number, there may be any number.</param>
/// <param name="Leased">How many are leased, by whichever process. Counted as far as those that wait.</param>
/// <param name="OldestDueAt">Since when the oldest of those that wait is due (UTC); null if none waits. Exact, however many there are.</param>
/// <param name="PausedAt">Since when it is paused (UTC); null if it is not.</param>
public sealed record QueueSnapshot(string Name, long Waiting, long Leased, DateTimeOffset? OldestDueAt, DateTimeOffset? PausedAt)
{
    /// <summary>So many are counted at the most: looking at a queue takes no longer the more is in it.</summary>
    public const int MaxCounted = 10_000;
}
