using Carillon.Deliveries.Internal;
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

    /// <summary>The lane that it waits in. Defaults to <see cref="Queues.Default"/>.</summary>
    public string Queue { get; init; } = Queues.Default;

    /// <summary>Its place among those of its queue that are due: priority, then due time, then id. Defaults to <see cref="DeliveryPriority.Normal"/>.</summary>
    public DeliveryPriority Priority { get; init; }

    /// <summary>What it has in common with others of its listener that must not run beside it; null, the default, if there is nothing.</summary>
    public DeliveryKey? Key { get; init; }

    /// <summary>Whether an equal one that is there already keeps it out; null, the default, if there may be any number.</summary>
    public DeliveryUniqueness? Unique { get; init; }

    /// <summary>
    /// Set when the worker of this process takes the delivery over in memory as soon as it is committed: it is written as leased, in its first
    /// attempt, with the token 1, and is found by others only if this process dies. Null for one that any worker may lease. For one with
    /// a <see cref="Key"/>, whose turn only the store can tell, it is set only where <see cref="IDeliveryStore.LeasesInTurn"/> says so; the store sets it to null if it is not its turn.
    /// </summary>
    public DeliveryLease? Lease { get; set; }

    /// <summary>The lane of this process in which a place is kept for it; null if it is left in the store.</summary>
    internal Lane? Lane { get; set; }

    /// <summary>The id in the store, from 1; set by the store when the delivery is written. For a duplicate the id of the one that is there.</summary>
    public long Id { get; set; }

    /// <summary>Set by the store: an equal delivery was there already, and this one was left out or has taken its place. Nothing is to be handed over then.</summary>
    public bool IsDuplicate { get; set; }
}
