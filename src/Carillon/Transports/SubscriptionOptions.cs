namespace Carillon.Transports;

/// <summary>How events of other applications are received.</summary>
public sealed class SubscriptionOptions
{
    /// <summary>
    /// Makes the subscription durable: what comes while this application is away waits, and all processes that subscribe with the same key share the events. Up to 100
    /// characters. Defaults to null: temporary; it has its own copy of each event, and is gone with the process.
    /// </summary>
    public string? Key { get; set; }

    /// <summary>How many events are handled at once by this process. Defaults to the number of processors; at least 1.</summary>
    public int Concurrency { get; set; } = Environment.ProcessorCount;

    /// <summary>How many events the transport may have on their way to this process; 0, the default, lets the transport choose.</summary>
    public int Prefetch { get; set; }

    /// <summary>Whether events of one key are handled one after the other, in the order in which they were published, over all processes. Defaults to false.</summary>
    public bool Ordered { get; set; }

    /// <summary>How the transport keeps the events, where it has a choice; null, the default, for its own default.</summary>
    public string? QueueKind { get; set; }

    /// <summary>How often an event is tried before it becomes a dead letter, from 1 to 1,000; 0, the default, takes the number from the retry options, like the delays.</summary>
    public int MaxAttempts { get; set; }

    /// <summary>
    /// How long an event that was received is recognised, and left alone should it come again. Wants a key, and a store with an inbox. Null, the default: it is not, and
    /// listeners bear to be called twice.
    /// </summary>
    public TimeSpan? Inbox { get; set; }
}
