namespace Carillon.Deliveries;

/// <summary>A queue as it stood when it was read.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Waiting">How many deliveries are due and not leased.</param>
/// <param name="Leased">How many are leased, by whichever process.</param>
/// <param name="OldestDueAt">Since when the oldest of those that wait is due (UTC); null if none waits.</param>
/// <param name="PausedAt">Since when it is paused (UTC); null if it is not.</param>
public sealed record QueueSnapshot(string Name, long Waiting, long Leased, DateTimeOffset? OldestDueAt, DateTimeOffset? PausedAt);
