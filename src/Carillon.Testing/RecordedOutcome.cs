namespace Carillon.Testing;

/// <summary>What became of an event that was dispatched.</summary>
public enum RecordedOutcome
{
    /// <summary>Its inline listeners run.</summary>
    Running = 0,

    /// <summary>The dispatch has ended, and the unit of work or transaction to which it belongs is open: nothing of it counts yet.</summary>
    Waiting = 1,

    /// <summary>It stands: its unit of work was committed, or it belonged to none and its dispatch has ended well.</summary>
    Committed = 2,

    /// <summary>Its unit of work, or the savepoint in which it was dispatched, was rolled back: durable and after-commit listeners never hear of it.</summary>
    RolledBack = 3,

    /// <summary>A listener threw, or the deliveries could not be stored: the emitter got the exception.</summary>
    Failed = 4,

    /// <summary>The commit failed in a way that does not tell whether the database carried it out.</summary>
    Unknown = 5,
}
