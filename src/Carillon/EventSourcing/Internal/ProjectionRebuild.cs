using Carillon.Diagnostics.Internal;

namespace Carillon.EventSourcing.Internal;

/// <summary>Builds the next generation of a projection beside the one that is read, and puts it into its place.</summary>
internal sealed class ProjectionRebuild(ProjectionSetup projection, ProjectionParts parts)
{
    /// <returns>The generation that is read now.</returns>
    internal async ValueTask<int> RunAsync(IProgress<RebuildProgress>? progress, CancellationToken cancellationToken)
    {
        await parts.Slot.Projections.EnsureAsync(projection.Name, cancellationToken).ConfigureAwait(false);
        var now = parts.Time.GetUtcNow();
        var lease = await parts.Slot.Projections.BeginAsync(projection.Name, parts.Owner, now, now + parts.Options.LeaseDuration, cancellationToken).ConfigureAwait(false)
            ?? throw new CarillonException(await WhoBuildsAsync(cancellationToken).ConfigureAwait(false));
        var course = new ProjectionCourse(projection, lease, isRebuild: true, parts);
        var isLive = false;
        try
        {
            // What an earlier one has left is removed first: there is room for two generations.
            await RetireAsync(cancellationToken).ConfigureAwait(false);
            await BuildAsync(course, progress, cancellationToken).ConfigureAwait(false);
            isLive = true;
        }
        finally
        {
            if (!isLive)
            {
                await course.ReleaseAsync(course.Problem).ConfigureAwait(false);
            }
        }

        Log.ProjectionRebuilt(parts.Logger, projection.Name, lease.Generation, course.Taken);
        parts.Changed.Set();
        await RetireAsync(cancellationToken).ConfigureAwait(false);
        return lease.Generation;
    }

    private async ValueTask BuildAsync(ProjectionCourse course, IProgress<RebuildProgress>? progress, CancellationToken cancellationToken)
    {
        Action<long>? told = progress is null
            ? null
            : end => progress.Report(new RebuildProgress(projection.Name, course.Lease.Generation, course.Taken, course.Position, end));
        while (true)
        {
            var end = await course.RunToEndAsync(told, cancellationToken).ConfigureAwait(false);
            if (end != CourseEnd.CaughtUp)
            {
                throw new CarillonException(Why(course, end));
            }

            if (await parts.Batch.SwitchAsync(projection, course.Lease, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            if (!await IsOursAsync(course, cancellationToken).ConfigureAwait(false))
            {
                throw new CarillonException(Why(course, CourseEnd.Lost));
            }
        }
    }

    private async ValueTask RetireAsync(CancellationToken cancellationToken)
    {
        foreach (var row in await parts.Slot.Projections.ListAsync(projection.Name, cancellationToken).ConfigureAwait(false))
        {
            if (row.Role == ProjectionRole.Retired)
            {
                await parts.Batch.RetireAsync(projection, row.Generation, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private ValueTask<bool> IsOursAsync(ProjectionCourse course, CancellationToken cancellationToken) =>
        parts.Slot.Projections.AdvanceAsync(null, course.Lease, course.Position, parts.Time.GetUtcNow() + parts.Options.LeaseDuration, cancellationToken);

    private async ValueTask<string> WhoBuildsAsync(CancellationToken cancellationToken)
    {
        var rows = await parts.Slot.Projections.ListAsync(projection.Name, cancellationToken).ConfigureAwait(false);
        var building = rows.FirstOrDefault(row => row.Role == ProjectionRole.Building);
        return $"The projection '{projection.Name}' is being rebuilt already, by '{building?.Owner}' (generation {building?.Generation}, at position {building?.Position}). "
            + "Wait until it has done so; if that process is dead, try again when its lease has ended.";
    }

    private string Why(ProjectionCourse course, CourseEnd end)
    {
        var kept = "The generation that is read stays, and goes on.";
        return end switch
        {
            CourseEnd.Lost => $"The rebuild of the projection '{projection.Name}' (generation {course.Lease.Generation}) has lost its lease at position {course.Position}: it could not renew it within "
                + $"EventStoreOptions.LeaseDuration ({parts.Options.LeaseDuration}), and somebody else has begun one. {kept} Rebuild again; if it is lost again, with a longer lease.",
            _ => $"The rebuild of the projection '{projection.Name}' (generation {course.Lease.Generation}) has stopped at position {course.Position}. {course.Problem} {kept} Mend what failed, and rebuild again.",
        };
    }
}
