namespace Carillon.Hosting;

/// <summary>How this process works off one queue. What is not said is as in <see cref="WorkerOptions"/>.</summary>
public sealed class QueueOptions
{
    /// <summary>How many listeners of this queue run at the same time in this process; null, the default, for <see cref="WorkerOptions.MaxConcurrency"/>.</summary>
    public int? MaxConcurrency { get; set; }

    /// <summary>
    /// How many deliveries of this queue may be in the hands of workers at once, over all processes; 0, the default, for any number. Say the same in all of them.
    /// A queue with a limit is worked off from the store alone: nothing of it is handed over in memory.
    /// </summary>
    public int Limit { get; set; }

    /// <summary>How long the leases of this queue last; null, the default, for <see cref="WorkerOptions.LeaseDuration"/>. Longer for listeners with long time-outs.</summary>
    public TimeSpan? LeaseDuration { get; set; }

    /// <summary>How long completed deliveries of this queue stay to be looked at; null, the default, for <see cref="WorkerOptions.KeepCompleted"/>.</summary>
    public TimeSpan? KeepCompleted { get; set; }
}
