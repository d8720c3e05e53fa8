namespace Carillon.EventSourcing;

/// <summary>How far an event store can be read.</summary>
/// <param name="Position">
/// The last position that may be read: nothing can appear at or before it any more. While a transaction is open that has appended, what was appended after it waits
/// for its end.
/// </param>
/// <param name="Last">The last position that was given to anybody, committed or not.</param>
/// <param name="HeldBackBy">Who keeps <paramref name="Position"/> from being <paramref name="Last"/>, for messages: a session of the database; null if nobody does.</param>
public sealed record StoreEnd(long Position, long Last, string? HeldBackBy = null);
