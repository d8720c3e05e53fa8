namespace Carillon.Listeners;

/// <summary>That equal deliveries of a durable listener are not stored beside each other.</summary>
/// <param name="Until">How long the first one keeps others away.</param>
/// <seealso cref="UniqueAttribute"/>
public sealed record ListenerUniqueness(UniqueUntil Until = UniqueUntil.Done)
{
    /// <summary>How long from its dispatch the first one keeps others away, whatever becomes of it meanwhile; null, the default, for as long as <see cref="Until"/> says.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>Whether a second event takes the place of a first one that has not started. Defaults to false: it is left out. Only with <see cref="UniqueUntil.Started"/>, and not with <see cref="For"/>.</summary>
    public bool Replaces { get; init; }

    /// <summary>With <see cref="Replaces"/>: how long after the first event the listener runs at the latest; null, the default, for no such end.</summary>
    public TimeSpan? MaxWait { get; init; }
}
