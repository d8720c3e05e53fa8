namespace Carillon;

/// <summary>How an event reaches a listener.</summary>
public enum Delivery
{
    /// <summary>The listener runs inside the dispatch: it has finished, or has thrown, before the dispatch returns.</summary>
    Inline = 0,

    /// <summary>
    /// The event is stored for the listener, in the open unit of work where there is one, and a worker runs it afterwards: at least once,
    /// with retries, across crashes.
    /// </summary>
    Durable = 1,

    /// <summary>
    /// The listener runs in this process after the dispatch, from a bounded queue in memory: at most once, without retries, and what still waits when
    /// the process ends is lost.
    /// </summary>
    Background = 2,
}
