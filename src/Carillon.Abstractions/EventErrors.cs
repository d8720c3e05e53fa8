namespace Carillon;

/// <summary>What an exception of one inline listener means for the others of the same event.</summary>
public enum EventErrors
{
    /// <summary>It stops the rest, reaches the emitter unchanged, and nothing of the dispatch is recorded for durable listeners.</summary>
    StopAtFirst = 0,

    /// <summary>
    /// Every listener runs and durable ones are recorded. What failed is reported together afterwards, in one <c>ListenersFailedException</c>.
    /// </summary>
    Isolate = 1,
}
