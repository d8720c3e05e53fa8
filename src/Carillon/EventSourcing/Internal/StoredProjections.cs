namespace Carillon.EventSourcing.Internal;

/// <summary>The projections of the application, as they are in the store.</summary>
internal sealed class StoredProjections(ProjectionsSetup setup, ProjectionParts parts) : IProjections
{
    public async ValueTask<IReadOnlyList<ProjectionState>> ListAsync(CancellationToken cancellationToken = default)
    {
        var end = await parts.Slot.Streams.FindEndAsync(cancellationToken).ConfigureAwait(false);
        var rows = (await parts.Slot.Projections.ListAsync(null, cancellationToken).ConfigureAwait(false)).ToLookup(row => row.Name, StringComparer.Ordinal);
        return [.. setup.All.OrderBy(projection => projection.Name, StringComparer.Ordinal).Select(projection => Describe(projection.Name, [.. rows[projection.Name]], end))];
    }

    public async ValueTask<ProjectionState> GetAsync(string name, CancellationToken cancellationToken = default)
    {
        Find(name);
        var end = await parts.Slot.Streams.FindEndAsync(cancellationToken).ConfigureAwait(false);
        return Describe(name, await parts.Slot.Projections.ListAsync(name, cancellationToken).ConfigureAwait(false), end);
    }

    public async ValueTask PauseAsync(string name, CancellationToken cancellationToken = default)
    {
        Find(name);
        await parts.Slot.Projections.EnsureAsync(name, cancellationToken).ConfigureAwait(false);
        await parts.Slot.Projections.PauseAsync(name, cancellationToken).ConfigureAwait(false);
        parts.Changed.Set();
    }

    public async ValueTask ResumeAsync(string name, bool skipsFailed = false, CancellationToken cancellationToken = default)
    {
        var projection = Find(name);
        await parts.Slot.Projections.EnsureAsync(name, cancellationToken).ConfigureAwait(false);
        if (skipsFailed)
        {
            await PrepareAsync(projection, cancellationToken).ConfigureAwait(false);
        }

        await parts.Slot.Projections.ResumeAsync(name, skipsFailed, cancellationToken).ConfigureAwait(false);
        parts.Changed.Set();
    }

    public ValueTask<int> RebuildAsync(string name, IProgress<RebuildProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Find(name) is { Listeners.Count: > 0 } projection
            ? new ProjectionRebuild(projection, parts).RunAsync(progress, cancellationToken)
            : throw new CarillonException($"The projection '{name}' cannot be rebuilt before the host has started: its methods are found then, and everything is checked.");

    public async ValueTask WaitAsync(string name, long position, CancellationToken cancellationToken = default)
    {
        Find(name);
        while (true)
        {
            var changed = parts.Changed.Next;
            var rows = await parts.Slot.Projections.ListAsync(name, cancellationToken).ConfigureAwait(false);
            var live = rows.FirstOrDefault(row => row.Role == ProjectionRole.Live);
            if (live?.Position >= position)
            {
                return;
            }

            if (live is { Status: not ProjectionStatus.Running })
            {
                throw new CarillonException(
                    $"The projection '{name}' does not come to position {position}: it is {(live.Status == ProjectionStatus.Paused ? "paused" : "failed")} at {live.Position}. "
                    + $"{live.Error}{(live.Error is null ? string.Empty : " ")}Resume it with IProjections.ResumeAsync.");
            }

            await AppendSignal.WaitAsync(changed, parts.Options.PollInterval, parts.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    // What was prepared for the first batch was rolled back with it, and the next one begins behind the event that is left out. Nobody runs a generation that has failed.
    private async ValueTask PrepareAsync(ProjectionSetup projection, CancellationToken cancellationToken)
    {
        var rows = await parts.Slot.Projections.ListAsync(projection.Name, cancellationToken).ConfigureAwait(false);
        if (rows.FirstOrDefault(row => row.Role == ProjectionRole.Live) is { Status: ProjectionStatus.Failed, Position: 0 } live)
        {
            await parts.Batch.PrepareAsync(projection, live.Generation, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ProjectionState Describe(string name, IReadOnlyList<ProjectionSnapshot> rows, StoreEnd end)
    {
        // One that no host has started yet is at the beginning.
        var live = rows.FirstOrDefault(row => row.Role == ProjectionRole.Live)
            ?? new ProjectionSnapshot { Name = name, Generation = 1, Role = ProjectionRole.Live, Status = ProjectionStatus.Running, Position = 0 };
        return new ProjectionState
        {
            Name = name,
            Generation = live.Generation,
            Status = live.Status,
            Position = live.Position,
            Lag = Math.Max(0, end.Last - live.Position),
            HeldBackBy = end.HeldBackBy,
            Error = live.Error,
            FailedPosition = live.FailedPosition,
            Owner = live.Owner,
            Building = rows.FirstOrDefault(row => row.Role == ProjectionRole.Building),
        };
    }

    private ProjectionSetup Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return setup.All.Find(projection => projection.Name == name) ?? throw new CarillonException(
            $"There is no projection '{name}'. {(setup.All.Count == 0 ? "None was added; add one with AddProjection<T>(name)." : $"There are: {string.Join(", ", setup.All.Select(each => $"'{each.Name}'"))}.")}");
    }
}
