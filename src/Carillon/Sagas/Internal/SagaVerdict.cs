namespace Carillon.Sagas.Internal;

/// <summary>What becomes of an event that has come to a saga.</summary>
internal enum SagaVerdict
{
    /// <summary>The method is called.</summary>
    Run,

    /// <summary>It has taken this very event before.</summary>
    TakenBefore,

    /// <summary>A starting method runs once in the life of a saga.</summary>
    StartedBefore,

    /// <summary>It comes from a time-out that the saga has taken back, or moved, when it was on its way already.</summary>
    TakenBack,

    /// <summary>The saga has ended.</summary>
    Ended,

    /// <summary>The saga has given up, and is undoing what it has done.</summary>
    GaveUp,

    /// <summary>There is no saga yet, and the event waits for it.</summary>
    Early,

    /// <summary>There is no saga, and the event does not wait for it.</summary>
    NotThere,
}
