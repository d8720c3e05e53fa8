using Carillon.Diagnostics.Internal;
using Carillon.Retries;

namespace Carillon.EventSourcing.Internal;

/// <summary>Runs the live generation of one projection as long as the host runs, whenever this process has its lease.</summary>
internal sealed class ProjectionRunner(ProjectionSetup projection, ProjectionParts parts)
{
    private readonly BackOff _backOff = BackOff.OfStore(parts.Jitter);

    internal async Task RunAsync(CancellationToken stop)
    {
        for (var failures = 0; !stop.IsCancellationRequested;)
        {
            try
            {
                var changed = parts.Changed.Next;
                var course = await TryBeginAsync(stop).ConfigureAwait(false);
                failures = 0;
                if (course is null || !await RunAsync(course, stop).ConfigureAwait(false))
                {
                    await AppendSignal.WaitAsync(changed, parts.Options.PollInterval, parts.Time, stop).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Nothing that a store throws may end a projection: it is logged, and tried again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                var wait = _backOff.After(++failures);
                Log.ProjectionHeldUp(parts.Logger, projection.Name, wait, exception);
                await Task.Delay(wait, parts.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>Null if it is paused or failed, or another process has it.</returns>
    private async ValueTask<ProjectionCourse?> TryBeginAsync(CancellationToken stop)
    {
        var rows = await parts.Slot.Projections.ListAsync(projection.Name, stop).ConfigureAwait(false);
        if (rows.Count == 0)
        {
            await parts.Slot.Projections.EnsureAsync(projection.Name, stop).ConfigureAwait(false);
            rows = await parts.Slot.Projections.ListAsync(projection.Name, stop).ConfigureAwait(false);
        }

        var live = rows.First(row => row.Role == ProjectionRole.Live);
        var now = parts.Time.GetUtcNow();
        // Only a look, so that those who wait do not write.
        if (live.Status != ProjectionStatus.Running || live.LeaseUntil > now)
        {
            return null;
        }

        var lease = await parts.Slot.Projections
            .LeaseAsync(projection.Name, live.Generation, parts.Owner, now, now + parts.Options.LeaseDuration, stop)
            .ConfigureAwait(false);
        return lease is null ? null : new ProjectionCourse(projection, lease, isRebuild: false, parts);
    }

    /// <returns>False if there is nothing to be done for a while.</returns>
    private async ValueTask<bool> RunAsync(ProjectionCourse course, CancellationToken stop)
    {
        var error = default(string);
        try
        {
            while (true)
            {
                var appended = parts.Appended.Next;
                switch (await course.RunToEndAsync(_ => parts.Changed.Set(), stop).ConfigureAwait(false))
                {
                    case CourseEnd.CaughtUp:
                        await AppendSignal.WaitAsync(appended, parts.Options.PollInterval, parts.Time, stop).ConfigureAwait(false);
                        break;
                    case CourseEnd.Unknown:
                        error = course.Problem;
                        return false;
                    case CourseEnd.Failed:
                        parts.Changed.Set();
                        return false;
                    default:
                        await TellOfLossAsync(course, stop).ConfigureAwait(false);
                        return true;
                }
            }
        }
        finally
        {
            // One that was lost is left alone by this. A store that is away is told when the lease ends.
            await ReleaseAsync(course, error).ConfigureAwait(false);
        }
    }

    // It is none if somebody has paused the projection, or a rebuild has put another generation into the place of this one.
    private async ValueTask TellOfLossAsync(ProjectionCourse course, CancellationToken stop)
    {
        var rows = await parts.Slot.Projections.ListAsync(projection.Name, stop).ConfigureAwait(false);
        if (rows.FirstOrDefault(row => row.Generation == course.Lease.Generation) is { Role: ProjectionRole.Live, Status: ProjectionStatus.Running } row
            && row.Owner != parts.Owner)
        {
            Log.ProjectionLost(parts.Logger, projection.Name, course.Position, row.Owner, parts.Options.LeaseDuration);
        }
    }

    private async ValueTask ReleaseAsync(ProjectionCourse course, string? error)
    {
        try
        {
            await course.ReleaseAsync(error).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // What is to be heard of is why it ended.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.ProjectionNotReleased(parts.Logger, projection.Name, parts.Options.LeaseDuration, exception);
        }
    }
}
