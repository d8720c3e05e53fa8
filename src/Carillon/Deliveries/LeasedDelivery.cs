using Carillon.Envelopes;

namespace Carillon.Deliveries;

/// <summary>A delivery in the hands of a worker.</summary>
public sealed class LeasedDelivery
{
    /// <summary>The id in the store.</summary>
    public required long Id { get; init; }

    /// <summary>
    /// The fencing token: raised by every lease. A store settles and extends only for the token it gave last, so that a worker that lost its
    /// lease cannot complete what another one runs again.
    /// </summary>
    public required long Token { get; init; }

    /// <summary>Which attempt this lease is, counted from 1. It counts from the lease on, whether or not the worker lives to tell.</summary>
    public required int Attempt { get; init; }

    /// <summary>The id of the listener that is to run.</summary>
    public required string ListenerId { get; init; }

    /// <summary>The event.</summary>
    public required Envelope Envelope { get; init; }

    /// <summary>The queue that it was taken from. Defaults to <see cref="Queues.Default"/>.</summary>
    public string Queue { get; init; } = Queues.Default;

    /// <summary>When it was due (UTC), before it was leased: a tick of a schedule learns from it which one it is.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>The value of its key; null if it has none.</summary>
    public string? Key { get; init; }

    /// <summary>Somebody has cancelled it while it was leased before: it is to be settled as cancelled, not to be run.</summary>
    public bool IsCancelRequested { get; init; }
}
