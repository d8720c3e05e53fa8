using System.Text.Json.Serialization.Metadata;

namespace Carillon.Events;

/// <summary>What is known of one kind of event: its CLR type here, and its name and version everywhere else.</summary>
/// <param name="Type">The CLR type. It is never written down outside the process.</param>
/// <param name="Name">The name, <c>poll.created</c>.</param>
/// <param name="Version">The version of its shape, counted from 1.</param>
public sealed record EventType(Type Type, string Name, int Version = 1)
{
    /// <summary>What an exception of one inline listener means for the others. Defaults to <see cref="EventErrors.StopAtFirst"/>.</summary>
    public EventErrors Errors { get; init; }

    /// <summary>Names that the event had before: what was stored under them is read as this event. Defaults to none.</summary>
    public IReadOnlyList<string> FormerNames { get; init; } = [];

    /// <summary>Whether it leaves the application by its transport. Defaults to false.</summary>
    public bool Leaves { get; init; }

    /// <summary>Whether it is an error if it leaves and no subscription takes it. Defaults to false.</summary>
    public bool NeedsSubscriber { get; init; }

    // Said in code only, by those who have looked at what is lost.
    internal bool AcceptsLoss { get; init; }

    /// <summary>How it is serialized, whatever the application says of serialization; null for every event of the application.</summary>
    internal JsonTypeInfo? TypeInfo { get; init; }
}
