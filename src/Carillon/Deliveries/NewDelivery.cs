using Carillon.Envelopes;

namespace Carillon.Deliveries;

/// <summary>A delivery on its way into the store.</summary>
public sealed class NewDelivery
{
    /// <summary>The event.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>The id of the listener that is to run.</summary>
    public required string ListenerId { get; init; }

    /// <summary>When it may run first (UTC).</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>
    /// Set when the worker of this process takes the delivery over in memory as soon as it is committed: it is written as leased, in its first
    /// attempt, with the token 1, and is found by others only if this process dies. Null for one that any worker may lease.
    /// </summary>
    public DeliveryLease? Lease { get; set; }

    /// <summary>The id in the store, from 1; set by the store when the delivery is written.</summary>
    public long Id { get; set; }
}
