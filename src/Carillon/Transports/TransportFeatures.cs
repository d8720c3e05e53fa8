namespace Carillon.Transports;

/// <summary>What a transport can do beyond what every transport must.</summary>
[Flags]
public enum TransportFeatures
{
    /// <summary>Nothing more.</summary>
    None = 0,

    /// <summary>Tells whether anybody has taken an event. Without it an event that needs a subscriber is refused when the host starts.</summary>
    TellsUnrouted = 1,

    /// <summary>Keeps the order of events of one key, as <see cref="TransportSubscription.Ordered"/> asks. Without it such a subscription is refused.</summary>
    OrdersByKey = 2,

    /// <summary>An event of an ordered subscription that comes again comes before those of its key that are behind it.</summary>
    OrdersRetries = 4,

    /// <summary>What was published and what is subscribed survive the transport's restart.</summary>
    SurvivesRestart = 8,
}
