namespace Carillon.Deliveries;

/// <summary>Where a delivery stands. The transitions are drawn in docs/state-machines.md.</summary>
public enum DeliveryState
{
    /// <summary>Waits for its time: dispatched for later, or waiting for its next attempt.</summary>
    Scheduled = 0,

    /// <summary>Can be leased by a worker.</summary>
    Ready = 1,

    /// <summary>A worker has it, until its lease ends.</summary>
    Leased = 2,

    /// <summary>Its listener has run. Gone at once, unless completed deliveries are kept for a while.</summary>
    Completed = 3,

    /// <summary>Its last attempt has failed. Kept with the reason until it is retried, discarded or cancelled.</summary>
    Failed = 4,

    /// <summary>
    /// Put aside: behind another one of its key, until that one is settled; or because its event or listener is not known to the application that found it,
    /// until one that knows it comes by.
    /// </summary>
    Parked = 5,

    /// <summary>Given up, by a person or by its listener.</summary>
    Discarded = 6,

    /// <summary>Cancelled by a person or by the application before it was completed.</summary>
    Cancelled = 7,
}
