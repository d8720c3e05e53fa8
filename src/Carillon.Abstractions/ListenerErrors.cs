namespace Carillon;

/// <summary>What becomes of an exception that an inline listener throws.</summary>
public enum ListenerErrors
{
    /// <summary>It counts as the event says: by default it stops the dispatch and reaches the emitter unchanged.</summary>
    Throw = 0,

    /// <summary>
    /// It is logged, with the event and the listener, and the dispatch goes on as if the listener had returned. For what must never fail its emitter.
    /// </summary>
    Log = 1,
}
