namespace Carillon.Events;

/// <summary>What can be said of an event in code: it counts more than what its attribute says.</summary>
public sealed class EventOptions
{
    /// <summary>What an exception of one inline listener means for the others. Null, the default, leaves it to the attribute.</summary>
    public EventErrors? Errors { get; set; }

    /// <summary>Names that the event had before: what was stored under them is read as this event. Beside those of the attribute; empty by default.</summary>
    public IList<string> FormerNames { get; } = [];

    /// <summary>
    /// Whether the host starts though members of the event do not survive storage. Say so once you know what is lost and can do without it.
    /// Defaults to false: a durable event that does not come back as it was stops the start, with the member named.
    /// </summary>
    public bool AcceptsLoss { get; set; }

    /// <summary>Whether the event leaves the application by its transport. Null, the default, leaves it to the attribute.</summary>
    public bool? Leaves { get; set; }

    /// <summary>Whether it is an error if the event leaves and no subscription takes it. Null, the default, leaves it to the attribute.</summary>
    public bool? NeedsSubscriber { get; set; }

    internal bool SaysSomething => Errors is not null || FormerNames.Count > 0 || AcceptsLoss || Leaves is not null || NeedsSubscriber is not null;

    internal EventType ApplyTo(EventType eventType) => eventType with
    {
        Errors = Errors ?? eventType.Errors,
        FormerNames = FormerNames.Count == 0 ? eventType.FormerNames : [.. eventType.FormerNames.Union(FormerNames)],
        AcceptsLoss = AcceptsLoss || eventType.AcceptsLoss,
        Leaves = Leaves ?? eventType.Leaves,
        NeedsSubscriber = NeedsSubscriber ?? eventType.NeedsSubscriber,
    };
}
