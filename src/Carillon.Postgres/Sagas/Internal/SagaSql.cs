namespace Carillon.Postgres.Sagas.Internal;

/// <summary>The statements about sagas.</summary>
internal static class SagaSql
{
    internal const string Columns = "saga, key, status, version, state_version, state, progress, reason, started_at, updated_at, keep_until";

    internal const string Find =
        $$"""
        SELECT {{Columns}}, EXISTS (SELECT FROM {schema}.saga_steps AS s WHERE s.saga = $1 AND s.key = $2 AND s.event_id = $4 AND s.step = $3)
        FROM {schema}.sagas WHERE saga = $1 AND key = $2
        """;

    /// <summary>One statement for the saga and its history. Whoever meets another transaction on the same row waits for its end, and changes nothing if that one was first.</summary>
    internal const string Insert =
        $$"""
        WITH saved AS (
            INSERT INTO {schema}.sagas ({{Columns}}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (saga, key) DO NOTHING
            RETURNING version)
        INSERT INTO {schema}.saga_steps (saga, key, version, status, at, step, event_name, event_id) SELECT $1, $2, version, $3, $12, $13, $14, $15 FROM saved
        RETURNING version
        """;

    /// <inheritdoc cref="Insert"/>
    internal const string Update =
        """
        WITH saved AS (
            UPDATE {schema}.sagas
            SET status = $3, version = $4, state_version = $5, state = $6, progress = $7, reason = $8, started_at = $9, updated_at = $10, keep_until = $11
            WHERE saga = $1 AND key = $2 AND version = $4 - 1
            RETURNING version)
        INSERT INTO {schema}.saga_steps (saga, key, version, status, at, step, event_name, event_id) SELECT $1, $2, version, $3, $12, $13, $14, $15 FROM saved
        RETURNING version
        """;

    internal const string List = $$"""SELECT {{Columns}} FROM {schema}.sagas""";

    internal const string ListEntries = "SELECT version, at, step, event_name, event_id, status FROM {schema}.saga_steps WHERE saga = $1 AND key = $2 ORDER BY version";

    internal const string Count = "SELECT status, count(*) FROM {schema}.sagas WHERE $1::text IS NULL OR saga = $1 GROUP BY status";

    internal const string RemoveKept =
        """
        WITH removed AS (
            DELETE FROM {schema}.sagas
            WHERE ctid = ANY (ARRAY(SELECT ctid FROM {schema}.sagas WHERE keep_until <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED))
            RETURNING saga, key),
        steps AS (DELETE FROM {schema}.saga_steps AS s USING removed WHERE s.saga = removed.saga AND s.key = removed.key)
        SELECT 1::bigint FROM removed
        """;
}
