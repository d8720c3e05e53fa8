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

    /// <summary>
    /// The listener runs just before the commit of the unit of work, inside its transaction: an exception rolls back. Without a unit of work it runs at
    /// once, before anything is stored.
    /// </summary>
    BeforeCommit = 3,

    /// <summary>
    /// The listener runs right after the commit of the unit of work, in this process and in a scope of its own; what it throws is logged and changes nothing.
    /// Without a unit of work it runs at once. It is lost if the process dies between the two: what must not be is <see cref="Durable"/>.
    /// </summary>
    AfterCommit = 4,

    /// <summary>
    /// The listener runs after the rollback of the unit of work, or of the savepoint in which its event was dispatched, in a scope of its own. Without a unit of
    /// work it never runs.
    /// </summary>
    AfterRollback = 5,

    /// <summary>
    /// The listener runs when the unit of work has ended, however it has, after those that hear of the outcome, in a scope of its own. Without a unit of work it
    /// runs at once.
    /// </summary>
    AfterCompletion = 6,
}
