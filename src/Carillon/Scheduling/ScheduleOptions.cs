namespace Carillon.Scheduling;

/// <summary>What can be said of a recurring schedule.</summary>
public sealed class ScheduleOptions
{
    internal const int DefaultMissedLimit = 100;
    internal static readonly TimeSpan DefaultMissedAfter = TimeSpan.FromMinutes(1);
    internal static readonly TimeSpan DefaultStartWindow = TimeSpan.FromMinutes(10);

    /// <summary>What becomes of the times at which no process ran. Defaults to <see cref="Carillon.Scheduling.MissedTicks.RunOnce"/>.</summary>
    public MissedTicks MissedTicks { get; set; }

    /// <summary>How many missed times <see cref="Carillon.Scheduling.MissedTicks.RunAll"/> makes up for at the most, at least 1. Defaults to 100.</summary>
    public int MissedLimit { get; set; } = DefaultMissedLimit;

    /// <summary>
    /// How late a time may be before it counts as missed: a little always passes, and more when the queue is long. It matters to
    /// <see cref="Carillon.Scheduling.MissedTicks.Skip"/>. Defaults to one minute.
    /// </summary>
    public TimeSpan MissedAfter { get; set; } = DefaultMissedAfter;

    /// <summary>
    /// Whether a time is left out while the run before is not over: still waiting, running, or between two attempts. A run whose process dies is over when it
    /// was run again. Defaults to false. Of an event, the run is its inline listeners; of a job, the job.
    /// </summary>
    public bool SkipWhileRunning { get; set; }

    /// <summary>Whether it also runs once when the application starts, however many processes start. Defaults to false.</summary>
    public bool RunAtStart { get; set; }

    /// <summary>With <see cref="RunAtStart"/>: processes that start within this time of the first one are one start. Defaults to ten minutes.</summary>
    public TimeSpan StartWindow { get; set; } = DefaultStartWindow;
}
