namespace Carillon.Transports;

/// <summary>How some events leave.</summary>
public sealed class PublishOptions
{
    /// <summary>
    /// Whether those of one key leave in the order in which they were dispatched, one after the other. An event without a key is refused at its dispatch then. Defaults to
    /// false: many are on their way at once, and may pass each other.
    /// </summary>
    public bool Ordered { get; set; }
}
