namespace Carillon;

/// <summary>Gives an event its name: what is written to a store or sent to another application, in place of the CLR type.</summary>
/// <remarks>
/// Without it an event is named after its type: <c>PollCreated</c> is <c>poll.created</c>. An explicit name keeps stored events
/// readable when the type is renamed or moved.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class EventAttribute : Attribute
{
    /// <summary>Says something else of the event, which is named after its type.</summary>
    public EventAttribute()
    {
    }

    /// <summary>Names the event.</summary>
    /// <param name="name">The name, as <c>entity.action</c>: lower-case segments separated by dots.</param>
    public EventAttribute(string name) => Name = name;

    /// <summary>The name of the event; null for one that is named after its type.</summary>
    public string? Name { get; }

    /// <summary>The version of the event's shape, counted from 1. Defaults to 1.</summary>
    public int Version { get; set; } = 1;

    /// <summary>
    /// Names that the event had before, <c>FormerNames = ["poll.made"]</c>: what was stored under them is read as this event. Defaults to none. Nothing is written
    /// under them any more, and nobody listens by them.
    /// </summary>
    public string[] FormerNames { get; set; } = [];

    /// <summary>What an exception of one inline listener means for the others. Defaults to <see cref="EventErrors.StopAtFirst"/>.</summary>
    public EventErrors Errors { get; set; }

    /// <summary>
    /// Whether the event leaves the application, by its transport, for whoever has subscribed to its name elsewhere. Defaults to false. The host does not start without
    /// a transport then.
    /// </summary>
    public bool Leaves { get; set; }

    /// <summary>
    /// Whether an event that leaves and that no subscription takes is an error: it is published again for as often as a durable listener is tried, and kept as failed then.
    /// Defaults to false: it is counted and logged.
    /// </summary>
    public bool NeedsSubscriber { get; set; }
}
