using System.Data.Common;

namespace Carillon.EventSourcing.InMemory;

/// <summary>How far projections have come, in memory.</summary>
internal sealed class InMemoryProjectionStore : IProjectionStore
{
    private readonly Lock _gate = new();

    // Under _gate, with the token of the latest lease of each.
    private readonly Dictionary<(string Name, int Generation), (ProjectionSnapshot Row, long Token)> _rows = [];

    public ValueTask<IReadOnlyList<ProjectionSnapshot>> ListAsync(string? name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_rows.Values
                .Select(each => each.Row)
                .Where(row => name is null || row.Name == name)
                .OrderBy(row => row.Name, StringComparer.Ordinal)
                .ThenBy(row => row.Generation)
                .ToList());
        }
    }

    public ValueTask EnsureAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_rows.Keys.Any(key => key.Name == name))
            {
                _rows.Add((name, 1), (New(name, 1, ProjectionRole.Live), 0));
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<ProjectionLease?> BeginAsync(string name, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var present = _rows.Where(each => each.Key.Name == name).ToList();
            foreach (var (key, building) in present.Where(each => each.Value.Row.Role == ProjectionRole.Building))
            {
                if (building.Row.LeaseUntil > now)
                {
                    return new((ProjectionLease?)null);
                }

                _rows[key] = (building.Row with { Role = ProjectionRole.Retired, Owner = null, LeaseUntil = null }, building.Token + 1);
            }

            var generation = present.Max(each => each.Key.Generation) + 1;
            _rows.Add((name, generation), (New(name, generation, ProjectionRole.Building) with { Owner = owner, LeaseUntil = until }, 1));
            return new(new ProjectionLease(name, generation, 1, 0));
        }
    }

    public ValueTask<ProjectionLease?> LeaseAsync(
        string name, int generation, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (!_rows.TryGetValue((name, generation), out var present)
                || present.Row is not { Status: ProjectionStatus.Running, Role: not ProjectionRole.Retired }
                || present.Row.LeaseUntil > now)
            {
                return new((ProjectionLease?)null);
            }

            var token = present.Token + 1;
            _rows[(name, generation)] = (present.Row with { Owner = owner, LeaseUntil = until }, token);
            return new(new ProjectionLease(name, generation, token, present.Row.Position));
        }
    }

    public ValueTask<bool> AdvanceAsync(
        DbTransaction? transaction, ProjectionLease lease, long position, DateTimeOffset until, CancellationToken cancellationToken) =>
        ChangeAsync(
            lease,
            row => row.Status == ProjectionStatus.Running
                ? row with { Position = Math.Max(position, row.Position), LeaseUntil = until, Error = position > row.Position ? null : row.Error }
                : null,
            cancellationToken);

    public async ValueTask ReleaseAsync(ProjectionLease lease, string? error, long? failedPosition, CancellationToken cancellationToken) =>
        await ChangeAsync(
            lease,
            row => row with
            {
                Owner = null,
                LeaseUntil = null,
                Error = error ?? row.Error,
                FailedPosition = failedPosition,
                Status = failedPosition is null ? row.Status : ProjectionStatus.Failed,
            },
            cancellationToken).ConfigureAwait(false);

    public ValueTask<bool> PauseAsync(string name, CancellationToken cancellationToken) =>
        ChangeLiveAsync(name, row => row with { Status = ProjectionStatus.Paused }, cancellationToken);

    public ValueTask<bool> ResumeAsync(string name, bool skipsFailed, CancellationToken cancellationToken) =>
        ChangeLiveAsync(
            name,
            row => row with
            {
                Status = ProjectionStatus.Running,
                Position = skipsFailed ? row.FailedPosition ?? row.Position : row.Position,
                FailedPosition = null,
                Error = null,
            },
            cancellationToken);

    public ValueTask<bool> SwitchAsync(DbTransaction? transaction, ProjectionLease lease, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var built = (lease.Name, lease.Generation);
            var live = _rows.Single(each => each.Key.Name == lease.Name && each.Value.Row.Role == ProjectionRole.Live);
            if (!_rows.TryGetValue(built, out var present)
                || present.Token != lease.Token
                || present.Row.Role != ProjectionRole.Building
                || present.Row.Position < live.Value.Row.Position)
            {
                return new(false);
            }

            _rows[live.Key] = (live.Value.Row with { Role = ProjectionRole.Retired, Owner = null, LeaseUntil = null }, live.Value.Token + 1);
            _rows[built] = (present.Row with { Role = ProjectionRole.Live, Owner = null, LeaseUntil = null }, present.Token + 1);
            return new(true);
        }
    }

    public ValueTask<bool> ForgetAsync(DbTransaction? transaction, string name, int generation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return new(_rows.TryGetValue((name, generation), out var present) && present.Row.Role == ProjectionRole.Retired && _rows.Remove((name, generation)));
        }
    }

    private static ProjectionSnapshot New(string name, int generation, ProjectionRole role) =>
        new() { Name = name, Generation = generation, Role = role, Status = ProjectionStatus.Running, Position = 0 };

    private ValueTask<bool> ChangeAsync(ProjectionLease lease, Func<ProjectionSnapshot, ProjectionSnapshot?> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var key = (lease.Name, lease.Generation);
            if (!_rows.TryGetValue(key, out var present) || present.Token != lease.Token || change(present.Row) is not { } changed)
            {
                return new(false);
            }

            _rows[key] = (changed, present.Token);
            return new(true);
        }
    }

    private ValueTask<bool> ChangeLiveAsync(string name, Func<ProjectionSnapshot, ProjectionSnapshot> change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            foreach (var (key, present) in _rows)
            {
                if (key.Name == name && present.Row.Role == ProjectionRole.Live)
                {
                    _rows[key] = (change(present.Row), present.Token);
                    return new(true);
                }
            }

            return new(false);
        }
    }
}
