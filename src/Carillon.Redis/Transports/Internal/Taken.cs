namespace Carillon.Redis.Transports.Internal;

/// <summary>What a receiver was given, and for what to wait before it asks again.</summary>
/// <param name="Events">The events.</param>
/// <param name="LastEntry">The last entry that the stream had.</param>
/// <param name="LastRing">The last entry of the bell.</param>
/// <param name="NextIn">When the next event comes again; null for none.</param>
/// <param name="HasMore">Whether to ask again at once.</param>
/// <param name="Buried">How many are dead letters now because they are too large.</param>
internal sealed record Taken(IReadOnlyList<StreamEvent> Events, string LastEntry, string LastRing, TimeSpan? NextIn, bool HasMore, long Buried);
