namespace Carillon.Sqlite.Sagas.Internal;

/// <summary>The statements about sagas.</summary>
internal static class SagaSql
{
    internal const string Columns = "saga, key, status, version, state_version, state, progress, reason, started_at, updated_at, keep_until";

    internal const string Find =
        $"""
        SELECT {Columns}, EXISTS (SELECT 1 FROM carillon_saga_steps AS s WHERE s.saga = ?1 AND s.key = ?2 AND s.event_id = ?4 AND s.step = ?3)
        FROM carillon_sagas WHERE saga = ?1 AND key = ?2
        """;

    internal const string Insert =
        $"""
        INSERT INTO carillon_sagas ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        ON CONFLICT (saga, key) DO NOTHING
        """;

    internal const string Update =
        """
        UPDATE carillon_sagas SET status = ?3, version = ?4, state_version = ?5, state = ?6, progress = ?7, reason = ?8, started_at = ?9, updated_at = ?10, keep_until = ?11
        WHERE saga = ?1 AND key = ?2 AND version = ?4 - 1
        """;

    internal const string AddEntry =
        "INSERT INTO carillon_saga_steps (saga, key, version, status, at, step, event_name, event_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

    internal const string List =
        $"""
        SELECT {Columns} FROM carillon_sagas
        WHERE (saga, key) > (?1, ?2) AND (?3 IS NULL OR saga = ?3) AND (?4 IS NULL OR key = ?4) AND (?5 IS NULL OR status = ?5) AND (?6 IS NULL OR updated_at < ?6)
        ORDER BY saga, key LIMIT ?7
        """;

    internal const string FindOne = $"SELECT {Columns} FROM carillon_sagas WHERE saga = ?1 AND key = ?2";

    internal const string ListEntries = "SELECT version, at, step, event_name, event_id, status FROM carillon_saga_steps WHERE saga = ?1 AND key = ?2 ORDER BY version";

    internal const string Count = "SELECT status, count(*) FROM carillon_sagas WHERE ?1 IS NULL OR saga = ?1 GROUP BY status";

    internal const string ReadKept = "SELECT saga, key FROM carillon_sagas WHERE keep_until <= ?1 LIMIT ?2";

    internal const string Remove = "DELETE FROM carillon_sagas WHERE saga = ?1 AND key = ?2";

    internal const string RemoveEntries = "DELETE FROM carillon_saga_steps WHERE saga = ?1 AND key = ?2";
}
