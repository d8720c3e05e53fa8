namespace Carillon.Events;

/// <summary>What can be said of an event in code: it counts more than what its attribute says.</summary>
public sealed class EventOptions
{
    /// <summary>What an exception of one inline listener means for the others. Null, the default, leaves it to the attribute.</summary>
    public EventErrors? Errors { get; set; }
}
