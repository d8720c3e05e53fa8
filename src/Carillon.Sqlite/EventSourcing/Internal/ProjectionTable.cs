using Carillon.EventSourcing;
using Carillon.Sqlite.Deliveries.Internal;

namespace Carillon.Sqlite.EventSourcing.Internal;

/// <summary>The table of projections. Whatever writes is to be called inside a transaction that has the write lock.</summary>
internal static class ProjectionTable
{
    internal static IReadOnlyList<ProjectionSnapshot> List(SqliteSession session, string? name)
    {
        var rows = new List<ProjectionSnapshot>();
        var row = session.Statement(ProjectionSql.List).Bind(1, name);
        while (row.Step())
        {
            rows.Add(new ProjectionSnapshot
            {
                Name = row.GetString(0),
                Generation = row.GetInt(1),
                Role = (ProjectionRole)row.GetInt(2),
                Status = (ProjectionStatus)row.GetInt(3),
                Position = row.GetLong(4),
                FailedPosition = row.GetNullableLong(5),
                Error = row.GetNullableString(6),
                Owner = row.GetNullableString(7),
                LeaseUntil = row.GetNullableTime(8),
            });
        }

        return rows;
    }

    internal static bool Ensure(SqliteSession session, string name) => session.Statement(ProjectionSql.Ensure).Bind(1, name).Execute() > 0;

    internal static ProjectionLease? Begin(SqliteSession session, (string Name, string Owner, DateTimeOffset Now, DateTimeOffset Until) begin)
    {
        session.Statement(ProjectionSql.RetireAbandoned).Bind(1, begin.Name).Bind(2, begin.Now).Execute();
        if (session.Statement(ProjectionSql.CountBuilding).Bind(1, begin.Name).ReadLong() > 0)
        {
            return null;
        }

        session.Statement(ProjectionSql.Begin).Bind(1, begin.Name).Bind(2, begin.Owner).Bind(3, begin.Until).Execute();
        return new ProjectionLease(begin.Name, (int)session.Statement(ProjectionSql.FindBuilding).Bind(1, begin.Name).ReadLong()!.Value, 1, 0);
    }

    internal static ProjectionLease? Lease(SqliteSession session, (string Name, int Generation, string Owner, DateTimeOffset Now, DateTimeOffset Until) lease)
    {
        var changed = session.Statement(ProjectionSql.Lease)
            .Bind(1, lease.Name).Bind(2, (long)lease.Generation).Bind(3, lease.Owner).Bind(4, lease.Now).Bind(5, lease.Until).Execute();
        if (changed == 0)
        {
            return null;
        }

        var row = session.Statement(ProjectionSql.FindLeased).Bind(1, lease.Name).Bind(2, (long)lease.Generation);
        row.Step();
        var leased = new ProjectionLease(lease.Name, lease.Generation, row.GetLong(0), row.GetLong(1));
        row.Reset();
        return leased;
    }

    internal static bool Advance(SqliteSession session, (ProjectionLease Lease, long Position, DateTimeOffset Until) advance) =>
        Of(session, ProjectionSql.Advance, advance.Lease).Bind(4, advance.Position).Bind(5, advance.Until).Execute() > 0;

    internal static bool Release(SqliteSession session, (ProjectionLease Lease, string? Error, long? FailedPosition) release) =>
        Of(session, ProjectionSql.Release, release.Lease).Bind(4, release.Error).Bind(5, release.FailedPosition).Execute() > 0;

    internal static bool Pause(SqliteSession session, string name) => session.Statement(ProjectionSql.Pause).Bind(1, name).Execute() > 0;

    internal static bool Resume(SqliteSession session, (string Name, bool SkipsFailed) resume) =>
        session.Statement(ProjectionSql.Resume).Bind(1, resume.Name).Bind(2, resume.SkipsFailed ? 1L : 0L).Execute() > 0;

    internal static bool Switch(SqliteSession session, ProjectionLease lease) =>
        Of(session, ProjectionSql.RetireLive, lease).Execute() > 0 && Of(session, ProjectionSql.MakeLive, lease).Execute() > 0;

    internal static bool Forget(SqliteSession session, (string Name, int Generation) forget) =>
        session.Statement(ProjectionSql.Forget).Bind(1, forget.Name).Bind(2, (long)forget.Generation).Execute() > 0;

    private static SqliteStatement Of(SqliteSession session, string sql, ProjectionLease lease) =>
        session.Statement(sql).Bind(1, lease.Name).Bind(2, (long)lease.Generation).Bind(3, lease.Token);
}
