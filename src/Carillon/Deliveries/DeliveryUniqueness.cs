namespace Carillon.Deliveries;

/// <summary>Keeps a second delivery with the same key out of the store for as long as the first one counts.</summary>
/// <param name="Key">The key, unique in the store.</param>
/// <param name="Until">How long the first one counts.</param>
public sealed record DeliveryUniqueness(string Key, UniqueUntil Until)
{
    /// <summary>If set, the first one counts until then (UTC), whatever becomes of it meanwhile; <see cref="Until"/> says nothing then.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>
    /// Whether a second delivery takes the place of a first one that waits: its event, and its due time unless an attempt has failed, which has its next one in its time. Defaults to false: the
    /// second one is left out. One that finds the first one running is left out in any case.
    /// </summary>
    public bool Replaces { get; init; }

    /// <summary>With <see cref="Replaces"/>: how long after the first event the delivery is due at the latest, however many more come; null for no such end.</summary>
    public TimeSpan? MaxWait { get; init; }
}
