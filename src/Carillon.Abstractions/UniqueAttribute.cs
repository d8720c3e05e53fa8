namespace Carillon;

/// <summary>On a durable listener: while a delivery waits, an equal one is not stored beside it.</summary>
/// <remarks>
/// Two deliveries of one listener are equal if their events say so by <see cref="IUniqueEvent"/> or, without it, if they have one name and one content.
/// The second dispatch is no error; what became of it is told to those who ask.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class UniqueAttribute : Attribute
{
    /// <summary>Takes equal events once at a time.</summary>
    /// <param name="until">How long the first one keeps others away. Defaults to <see cref="UniqueUntil.Done"/>.</param>
    public UniqueAttribute(UniqueUntil until = UniqueUntil.Done) => Until = until;

    /// <summary>How long the first one keeps others away; says nothing with <see cref="ForSeconds"/>.</summary>
    public UniqueUntil Until { get; }

    /// <summary>For how many seconds from its dispatch the first one keeps others away, whatever becomes of it meanwhile; 0, the default, for as long as <see cref="Until"/> says.</summary>
    public int ForSeconds { get; set; }

    /// <summary>
    /// Whether a second event takes the place of a first one that waits: its content and its due time, so that of a burst only the last one
    /// runs, once it is over. One that waits for its next attempt gets the content and keeps its time. Defaults to false: the second one is left out. Not with <see cref="UniqueUntil.Done"/> and not with <see cref="ForSeconds"/>.
    /// </summary>
    public bool Replaces { get; set; }

    /// <summary>With <see cref="Replaces"/>: how many seconds after the first event the listener runs at the latest, however many more come; 0, the default, for no such end.</summary>
    public int MaxWaitSeconds { get; set; }
}
