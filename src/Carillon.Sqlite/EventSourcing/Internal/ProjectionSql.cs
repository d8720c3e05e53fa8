namespace Carillon.Sqlite.EventSourcing.Internal;

/// <summary>The statements about projections. Roles: 0 building, 1 live, 2 retired. Statuses: 0 running, 1 paused, 2 failed.</summary>
internal static class ProjectionSql
{
    internal const string List =
        """
        SELECT name, generation, role, status, position, failed_position, error, owner, lease_until FROM carillon_projections
        WHERE ?1 IS NULL OR name = ?1 ORDER BY name, generation
        """;

    internal const string Ensure =
        "INSERT INTO carillon_projections (name, generation, role) SELECT ?1, 1, 1 WHERE NOT EXISTS (SELECT 1 FROM carillon_projections WHERE name = ?1)";

    internal const string RetireAbandoned =
        """
        UPDATE carillon_projections SET role = 2, token = token + 1, owner = NULL, lease_until = NULL
        WHERE name = ?1 AND role = 0 AND COALESCE(lease_until, 0) <= ?2
        """;

    internal const string CountBuilding = "SELECT COUNT(*) FROM carillon_projections WHERE name = ?1 AND role = 0";

    internal const string Begin =
        """
        INSERT INTO carillon_projections (name, generation, role, token, owner, lease_until)
        SELECT ?1, MAX(generation) + 1, 0, 1, ?2, ?3 FROM carillon_projections WHERE name = ?1
        """;

    internal const string FindBuilding = "SELECT generation FROM carillon_projections WHERE name = ?1 AND role = 0";

    internal const string Lease =
        """
        UPDATE carillon_projections SET token = token + 1, owner = ?3, lease_until = ?5
        WHERE name = ?1 AND generation = ?2 AND status = 0 AND role < 2 AND COALESCE(lease_until, 0) <= ?4
        """;

    internal const string FindLeased = "SELECT token, position FROM carillon_projections WHERE name = ?1 AND generation = ?2";

    internal const string Advance =
        """
        UPDATE carillon_projections SET error = CASE WHEN ?4 > position THEN NULL ELSE error END, position = MAX(position, ?4), lease_until = ?5
        WHERE name = ?1 AND generation = ?2 AND token = ?3 AND status = 0
        """;

    internal const string Release =
        """
        UPDATE carillon_projections SET owner = NULL, lease_until = NULL, error = COALESCE(?4, error), failed_position = ?5,
            status = CASE WHEN ?5 IS NULL THEN status ELSE 2 END
        WHERE name = ?1 AND generation = ?2 AND token = ?3
        """;

    internal const string Pause = "UPDATE carillon_projections SET status = 1 WHERE name = ?1 AND role = 1";

    internal const string Resume =
        """
        UPDATE carillon_projections SET status = 0, position = CASE WHEN ?2 THEN COALESCE(failed_position, position) ELSE position END, failed_position = NULL, error = NULL
        WHERE name = ?1 AND role = 1
        """;

    /// <summary>Only if the other one has come as far.</summary>
    internal const string RetireLive =
        """
        UPDATE carillon_projections SET role = 2, token = token + 1, owner = NULL, lease_until = NULL
        WHERE name = ?1 AND role = 1 AND position <= (SELECT b.position FROM carillon_projections b WHERE b.name = ?1 AND b.generation = ?2 AND b.token = ?3 AND b.role = 0)
        """;

    internal const string MakeLive =
        "UPDATE carillon_projections SET role = 1, token = token + 1, owner = NULL, lease_until = NULL WHERE name = ?1 AND generation = ?2 AND token = ?3 AND role = 0";

    internal const string Forget = "DELETE FROM carillon_projections WHERE name = ?1 AND generation = ?2 AND role = 2";
}
