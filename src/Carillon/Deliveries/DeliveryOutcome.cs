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
}
