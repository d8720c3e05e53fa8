namespace Carillon.Postgres.EventSourcing.Internal;

/// <summary>The statements about projections. Roles: 0 building, 1 live, 2 retired. Statuses: 0 running, 1 paused, 2 failed.</summary>
internal static class ProjectionSql
{
    internal const string List =
        """
        SELECT name, generation, role, status, position, failed_position, error, owner, lease_until FROM {schema}.projections
        WHERE $1::text IS NULL OR name = $1 ORDER BY name, generation
        """;

    internal const string Ensure =
        """
        INSERT INTO {schema}.projections (name, generation, role) SELECT $1, 1, 1 WHERE NOT EXISTS (SELECT FROM {schema}.projections WHERE name = $1) ON CONFLICT DO NOTHING
        """;

    /// <summary>The row of the live one is locked by whoever begins, so that two begin one after the other.</summary>
    internal const string Lock = "SELECT generation FROM {schema}.projections WHERE name = $1 AND role = 1 FOR UPDATE";

    internal const string RetireAbandoned =
        """
        UPDATE {schema}.projections SET role = 2, token = token + 1, owner = NULL, lease_until = NULL
        WHERE name = $1 AND role = 0 AND coalesce(lease_until, 0) <= $2
        """;

    internal const string Begin =
        """
        INSERT INTO {schema}.projections (name, generation, role, token, owner, lease_until)
        SELECT $1, max(generation) + 1, 0, 1, $2, $3 FROM {schema}.projections WHERE name = $1 HAVING count(*) FILTER (WHERE role = 0) = 0
        RETURNING generation
        """;

    internal const string Lease =
        """
        UPDATE {schema}.projections SET token = token + 1, owner = $3, lease_until = $5
        WHERE name = $1 AND generation = $2 AND status = 0 AND role < 2 AND coalesce(lease_until, 0) <= $4
        RETURNING token, position
        """;

    internal const string Advance =
        """
        UPDATE {schema}.projections SET error = CASE WHEN $4 > position THEN NULL ELSE error END, position = greatest(position, $4), lease_until = $5
        WHERE name = $1 AND generation = $2 AND token = $3 AND status = 0 RETURNING 1
        """;

    /// <summary>
    /// While a generation is built, its commits need not reach the disk one by one: should the server lose the last of them, it loses what was written and how far it has
    /// come together, and they are made again. The commit that makes it live waits for the disk, and so for all before it.
    /// </summary>
    internal const string CommitLazily =
        """
        SELECT set_config('synchronous_commit', 'off', true) FROM {schema}.projections WHERE name = $1 AND generation = $2 AND token = $3 AND role = 0
        """;

    internal const string Release =
        """
        UPDATE {schema}.projections SET owner = NULL, lease_until = NULL, error = coalesce($4::text, error), failed_position = $5::bigint,
            status = CASE WHEN $5::bigint IS NULL THEN status ELSE 2 END
        WHERE name = $1 AND generation = $2 AND token = $3
        """;

    internal const string Pause = "UPDATE {schema}.projections SET status = 1 WHERE name = $1 AND role = 1 RETURNING 1";

    internal const string Resume =
        """
        UPDATE {schema}.projections SET status = 0, position = CASE WHEN $2 THEN coalesce(failed_position, position) ELSE position END, failed_position = NULL, error = NULL
        WHERE name = $1 AND role = 1 RETURNING 1
        """;

    /// <summary>Only if the other one has come as far. Both rows are locked, in the order in which a rebuild begins.</summary>
    internal const string RetireLive =
        """
        UPDATE {schema}.projections l SET role = 2, token = l.token + 1, owner = NULL, lease_until = NULL
        FROM {schema}.projections b
        WHERE l.name = $1 AND l.role = 1 AND b.name = $1 AND b.generation = $2 AND b.token = $3 AND b.role = 0 AND b.position >= l.position
        """;

    internal const string MakeLive =
        """
        UPDATE {schema}.projections b SET role = 1, token = b.token + 1, owner = NULL, lease_until = NULL
        WHERE b.name = $1 AND b.generation = $2 AND b.token = $3 AND b.role = 0 AND NOT EXISTS (SELECT FROM {schema}.projections WHERE name = $1 AND role = 1)
        RETURNING 1
        """;

    internal const string Forget = "DELETE FROM {schema}.projections WHERE name = $1 AND generation = $2 AND role = 2 RETURNING 1";
}
