namespace Carillon.EventSourcing;

/// <summary>What can be said of an append.</summary>
public sealed class AppendOptions
{
    /// <summary>Who has caused the events; null, the default, takes it from <see cref="EventStoreOptions.Who"/>.</summary>
    public string? Who { get; set; }

    /// <summary>Whatever else is to be known of the events: names and texts. Defaults to none.</summary>
    public IDictionary<string, string> Metadata { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Whether the events are dispatched to their listeners too, one after the other, after they were written and before the append returns. Defaults to false: what
    /// is to happen to stored events is the matter of projections and subscriptions. An exception of a listener reaches the caller; in a unit of work it should be
    /// rolled back, without one the events stay.
    /// </summary>
    public bool Dispatch { get; set; }
}
