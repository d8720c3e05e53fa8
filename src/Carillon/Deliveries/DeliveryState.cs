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

    /// <summary>Its last attempt has failed. Kept with the reason until it is retried or discarded.</summary>
    Failed = 4,

    /// <summary>Its event or listener is not known to the application that found it. Ready again as soon as one that knows it comes by.</summary>
    Parked = 5,

    /// <summary>Given up by a person.</summary>
    Discarded = 6,
}
