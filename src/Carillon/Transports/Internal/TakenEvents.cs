namespace Carillon.Transports.Internal;

/// <summary>What a receiver was given.</summary>
/// <param name="Events">The events.</param>
/// <param name="Wait">Waits until there may be more; null if it is to ask again at once.</param>
internal sealed record TakenEvents(IReadOnlyList<HeldEvent> Events, Func<CancellationToken, ValueTask>? Wait);
