namespace Carillon.Scheduling;

/// <summary>What becomes of the times at which no process ran.</summary>
public enum MissedTicks
{
    /// <summary>Whatever was missed is made up for by one run, as soon as a process is there.</summary>
    RunOnce = 0,

    /// <summary>Missed times are left out; the next run is at the next time.</summary>
    Skip = 1,

    /// <summary>Each missed time is made up for, the oldest first, up to <see cref="ScheduleOptions.MissedLimit"/> of them; the rest are left out.</summary>
    RunAll = 2,
}
