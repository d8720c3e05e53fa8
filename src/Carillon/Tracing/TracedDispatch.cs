namespace Carillon.Tracing;

/// <summary>One dispatch that has ended.</summary>
/// <param name="EventName">The name of the event.</param>
/// <param name="EventType">The type of the event.</param>
/// <param name="Called">The listeners that took part, in their order: inline ones that were called, durable and background ones that were noted.</param>
/// <param name="NotCalled">Those that did not, in their order.</param>
/// <param name="StoppedBy">The id of the listener that stopped propagation; null if none has.</param>
/// <param name="Exception">What the emitter got instead of its event; null if all went well.</param>
public sealed record TracedDispatch(
    string EventName, Type EventType, IReadOnlyList<TracedListener> Called, IReadOnlyList<TracedListener> NotCalled, string? StoppedBy, Exception? Exception)
{
    /// <summary>
    /// Whether its deliveries belong to a unit of work that was open, and are written with its commit; false if they were committed to the store at once; null
    /// if there are none.
    /// </summary>
    public bool? InUnitOfWork { get; init; }

    /// <summary>Whether nobody listens to the event.</summary>
    public bool IsOrphan => Called.Count + NotCalled.Count == 0;
}
