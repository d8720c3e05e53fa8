namespace Carillon.Scheduling;

/// <summary>The recurring schedules of the application, in all its processes.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public interface ISchedules
{
    /// <summary>Every schedule by name: those of this application, and those of which the store still knows though the code does not.</summary>
    ValueTask<IReadOnlyList<ScheduleSnapshot>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Runs a schedule now, paused or not; its next time stays as it is.</summary>
    /// <returns>False if it skips times while it runs, and is running.</returns>
    /// <exception cref="ArgumentException">This application has no such schedule.</exception>
    ValueTask<bool> RunAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Pauses a schedule, in every process, until it is resumed; what runs goes on. The pause outlives all processes.</summary>
    /// <returns>False if it was paused already.</returns>
    /// <exception cref="ArgumentException">This application has no such schedule.</exception>
    ValueTask<bool> PauseAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Resumes a schedule with its next time; what it has missed while it was paused is not made up for.</summary>
    /// <returns>False if it was not paused.</returns>
    /// <exception cref="ArgumentException">This application has no such schedule.</exception>
    ValueTask<bool> ResumeAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Removes what the store still knows of a schedule that was taken out of the code. Without it, its next time is parked when it has come, and never runs.</summary>
    /// <returns>False if the store knows nothing of it.</returns>
    /// <exception cref="ArgumentException">This application has the schedule: it would come back at the next start. Pause it, or take it out of the code.</exception>
    ValueTask<bool> RemoveAsync(string name, CancellationToken cancellationToken = default);
}
