namespace Carillon.Deliveries;

/// <summary>What came of cancelling a delivery.</summary>
public enum CancelResult
{
    /// <summary>There is no such delivery, or it is completed, discarded or cancelled already; nothing has changed.</summary>
    TooLate = 0,

    /// <summary>It is cancelled and never runs.</summary>
    Cancelled = 1,

    /// <summary>It is running: the worker that has it is told, and its attempt's token is cancelled. Should it succeed all the same, it is completed.</summary>
    Requested = 2,
}
