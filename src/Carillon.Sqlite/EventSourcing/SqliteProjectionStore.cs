using System.Data.Common;
using Carillon.EventSourcing;
using Carillon.Sqlite.EventSourcing.Internal;

namespace Carillon.Sqlite.EventSourcing;

/// <summary>How far projections have come, in SQLite.</summary>
internal sealed class SqliteProjectionStore(StoreCalls calls) : IProjectionStore
{
    public ValueTask<IReadOnlyList<ProjectionSnapshot>> ListAsync(string? name, CancellationToken cancellationToken) =>
        calls.ReadAsync(null, name, ProjectionTable.List, "list projections", cancellationToken);

    public async ValueTask EnsureAsync(string name, CancellationToken cancellationToken) =>
        await calls.WriteAsync(null, name, ProjectionTable.Ensure, static name => $"note the projection '{name}'", cancellationToken).ConfigureAwait(false);

    public ValueTask<ProjectionLease?> BeginAsync(string name, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        calls.WriteAsync(
            null, (name, owner, now, until), ProjectionTable.Begin, static begin => $"begin to rebuild the projection '{begin.name}'", cancellationToken);

    public ValueTask<ProjectionLease?> LeaseAsync(
        string name, int generation, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        calls.WriteAsync(
            null, (name, generation, owner, now, until), ProjectionTable.Lease, static lease => $"lease the projection '{lease.name}'", cancellationToken);

    public ValueTask<bool> AdvanceAsync(DbTransaction? transaction, ProjectionLease lease, long position, DateTimeOffset until, CancellationToken cancellationToken) =>
        calls.WriteAsync(
            transaction,
            (lease, position, until),
            ProjectionTable.Advance,
            static advance => $"write how far the projection '{advance.lease.Name}' has come",
            cancellationToken);

    public async ValueTask ReleaseAsync(ProjectionLease lease, string? error, long? failedPosition, CancellationToken cancellationToken) =>
        await calls.WriteAsync(
            null,
            (lease, error, failedPosition),
            ProjectionTable.Release,
            static release => $"give the lease of the projection '{release.lease.Name}' back",
            cancellationToken).ConfigureAwait(false);

    public ValueTask<bool> PauseAsync(string name, CancellationToken cancellationToken) =>
        calls.WriteAsync(null, name, ProjectionTable.Pause, static name => $"pause the projection '{name}'", cancellationToken);

    public ValueTask<bool> ResumeAsync(string name, bool skipsFailed, CancellationToken cancellationToken) =>
        calls.WriteAsync(null, (name, skipsFailed), ProjectionTable.Resume, static resume => $"resume the projection '{resume.name}'", cancellationToken);

    public ValueTask<bool> SwitchAsync(DbTransaction? transaction, ProjectionLease lease, CancellationToken cancellationToken) =>
        calls.WriteAsync(
            transaction, lease, ProjectionTable.Switch, static lease => $"switch the projection '{lease.Name}' to generation {lease.Generation}", cancellationToken);

    public ValueTask<bool> ForgetAsync(DbTransaction? transaction, string name, int generation, CancellationToken cancellationToken) =>
        calls.WriteAsync(
            transaction,
            (name, generation),
            ProjectionTable.Forget,
            static forget => $"forget generation {forget.generation} of the projection '{forget.name}'",
            cancellationToken);
}
