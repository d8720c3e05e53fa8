namespace Carillon.Deliveries;

/// <summary>How an attempt ended.</summary>
public enum DeliveryOutcome
{
    /// <summary>The listener has run.</summary>
    Completed = 0,

    /// <summary>The attempt failed and there will be another.</summary>
    Retry = 1,

    /// <summary>The last attempt failed.</summary>
    Failed = 2,

    /// <summary>The worker stops before the listener has finished: the delivery is ready again and the attempt does not count.</summary>
    Released = 3,

    /// <summary>Nobody here knows the event or the listener; the attempt does not count.</summary>
    Parked = 4,

    /// <summary>The listener wants to be called again later; the attempt does not count.</summary>
    Snoozed = 5,

    /// <summary>The listener has no use for the delivery; it is kept with the reason.</summary>
    Discarded = 6,

    /// <summary>Somebody has cancelled the delivery, and its attempt has ended without success.</summary>
    Cancelled = 7,
}
