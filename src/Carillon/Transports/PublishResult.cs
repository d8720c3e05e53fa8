namespace Carillon.Transports;

/// <summary>What became of an event that a transport has confirmed.</summary>
public enum PublishResult
{
    /// <summary>At least one subscription has taken it.</summary>
    Routed,

    /// <summary>No subscription wants events of this name: the transport has dropped it.</summary>
    Unrouted,
}
