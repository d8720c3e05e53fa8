namespace Carillon.Hosting;

/// <summary>How this process runs durable listeners.</summary>
public sealed class WorkerOptions
{
    internal const int DefaultMaxConcurrency = 16;
    internal const int DefaultBatchSize = 100;
    internal static readonly TimeSpan DefaultLeaseDuration = TimeSpan.FromSeconds(30);
    internal static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan DefaultDrainTimeout = TimeSpan.FromSeconds(20);
    internal static readonly TimeSpan DefaultSweepInterval = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether this process runs durable listeners at all. Set it to false in a process that only dispatches and leaves the work to others.
    /// Defaults to true.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The queues that this process works off; what it dispatches to others is left to other processes. Null, the default, for all: those of its listeners, those
    /// that were configured, and any other that has something waiting.
    /// </summary>
    public IReadOnlyCollection<string>? Queues { get; set; }

    /// <summary>How many durable listeners of one queue run at the same time, unless the queue has a number of its own. Defaults to 16.</summary>
    public int MaxConcurrency { get; set; } = DefaultMaxConcurrency;

    /// <summary>
    /// How many deliveries of one queue are leased at once; as many again may wait in memory, and of those that this process has dispatched itself ten times as many while
    /// they have to wait for a moment only. Defaults to 100.
    /// </summary>
    public int BatchSize { get; set; } = DefaultBatchSize;

    /// <summary>
    /// How long a lease lasts: so long a delivery waits whose worker was killed. Leases of running listeners are extended in time.
    /// At least 100 milliseconds. Defaults to 30 seconds.
    /// </summary>
    public TimeSpan LeaseDuration { get; set; } = DefaultLeaseDuration;

    /// <summary>
    /// How often the store is asked for deliveries of other processes. Those of this process start at once, without it. Defaults to one second.
    /// </summary>
    public TimeSpan PollInterval { get; set; } = DefaultPollInterval;

    /// <summary>
    /// How long a stopping process waits for its running listeners before it cancels them. A cancelled attempt does not count. Keep it below the
    /// host's shutdown time-out. Defaults to 20 seconds.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = DefaultDrainTimeout;

    /// <summary>How often parked deliveries are looked at again and kept ones are removed. Defaults to one minute.</summary>
    public TimeSpan SweepInterval { get; set; } = DefaultSweepInterval;

    /// <summary>How long completed deliveries stay to be looked at. Defaults to zero: they are removed as they complete.</summary>
    public TimeSpan KeepCompleted { get; set; } = TimeSpan.Zero;

    /// <summary>How long failed deliveries are kept; null, the default, until somebody retries, discards or cancels them.</summary>
    public TimeSpan? KeepFailed { get; set; }

    /// <summary>How long discarded and cancelled deliveries are kept; null, the default, until somebody retries them.</summary>
    public TimeSpan? KeepDiscarded { get; set; }
}
