namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>
/// The statements around <see cref="InsertSql.InsertUnique"/>, about those that have the keys already. The application's transaction may last, so none of them locks a row that is leased: its
/// worker would wait with all that it settles.
/// </summary>
internal static class UniqueSql
{
    /// <summary>
    /// Before: a key whose period is over is free. Those that are leased are left to <see cref="FreeLeased"/>, but for some ($3). In the order of ids, as everybody who locks several rows.
    /// </summary>
    internal const string FreeEnded =
        """
        UPDATE {schema}.deliveries SET holds_unique = false
        WHERE id = ANY (ARRAY(
            SELECT d.id FROM unnest($1::uuid[], $2::bigint[]) AS n (unique_hash, now)
            JOIN {schema}.deliveries d ON d.unique_hash = n.unique_hash AND d.holds_unique AND d.unique_ends_at <= n.now AND (d.state <> 2 OR d.id = ANY ($3))
            ORDER BY d.id FOR NO KEY UPDATE OF d))
        """;

    /// <summary>In a transaction of the store's own, whatever becomes of the application's: the period of these is over.</summary>
    internal const string FreeLeased =
        """
        UPDATE {schema}.deliveries SET holds_unique = false
        WHERE id = ANY (ARRAY(SELECT id FROM {schema}.deliveries WHERE id = ANY ($1) AND state = 2 AND holds_unique ORDER BY id FOR NO KEY UPDATE))
        """;

    /// <summary>
    /// After: a later event takes the place of one that waits. A row that somebody else is at is waited for, since nobody can tell otherwise whether it still waits; those who lease or
    /// give up are done at once. Not those that this call has just written itself, which have the same event. One that waits for its name has no due time, one that has failed keeps
    /// that of its next attempt; one that waits for its turn is parked anew when it is due and still has to wait, so nobody needs the locks of the keys here.
    /// </summary>
    internal const string Replace =
        """
        WITH later AS (
            SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::uuid[], $6::text[], $7::int[], $8::text[], $9::uuid[], $10::text[], $11::text[], $12::bytea[])
                AS n (unique_hash, due_at, max_wait, created_at, event_id, event_name, event_version, correlation, causation, trace_parent, trace_state, payload)
        ), first AS MATERIALIZED (
            SELECT d.id, d.attempt > 0 OR (d.state = 5 AND d.behind IS NULL) AS keeps_time, least(n.due_at, d.unique_since + n.max_wait) AS due_at, n.created_at,
                n.event_id, n.event_name, n.event_version, n.correlation, n.causation, n.trace_parent, n.trace_state, n.payload
            FROM later n
            JOIN {schema}.deliveries d ON d.unique_hash = n.unique_hash AND d.holds_unique AND d.event_id <> n.event_id AND d.state IN (0, 1, 5)
            ORDER BY d.id FOR NO KEY UPDATE OF d
        )
        UPDATE {schema}.deliveries d SET
            due_at = CASE WHEN f.keeps_time THEN d.due_at ELSE f.due_at END,
            state = CASE WHEN f.keeps_time THEN d.state WHEN f.due_at <= f.created_at THEN 1 ELSE 0 END,
            behind = CASE WHEN f.keeps_time THEN d.behind END,
            created_at = f.created_at, event_id = f.event_id, event_name = f.event_name, event_version = f.event_version, correlation = f.correlation,
            causation = f.causation, trace_parent = f.trace_parent, trace_state = f.trace_state, payload = f.payload
        FROM first f WHERE d.id = f.id
        """;

    /// <summary>
    /// After: one that waits and is unique until it starts does not start before the transaction that has met it ends, since what that one has changed is not to be seen before. Any number of
    /// transactions may have met it, and none of them waits for another; whoever leases passes it over, and everybody else who changes it does not mind.
    /// </summary>
    internal const string Meet =
        """
        SELECT d.id FROM unnest($1::uuid[], $2::uuid[]) AS n (unique_hash, event_id)
        JOIN {schema}.deliveries d ON d.unique_hash = n.unique_hash AND d.holds_unique AND d.event_id <> n.event_id
            AND d.state IN (0, 1, 5) AND d.unique_until = 0 AND d.unique_ends_at IS NULL
        ORDER BY d.id FOR KEY SHARE OF d
        """;

    /// <summary>
    /// Then: those that were written as leased have started, and keep nobody out from here on if they were unique until then. Until now they have, so that one that is there
    /// keeps them out.
    /// </summary>
    internal const string Start =
        "UPDATE {schema}.deliveries SET holds_unique = false WHERE unique_hash = ANY ($1) AND holds_unique AND state = 2 AND unique_until = 0 AND unique_ends_at IS NULL";

    /// <summary>Last: those that are there, whoever has written them; whether they wait; and whether they are unique until they start.</summary>
    internal const string Find =
        """
        SELECT id, unique_hash, event_id, unique_ends_at, state IN (0, 1, 5), unique_until = 0 AND unique_ends_at IS NULL
        FROM {schema}.deliveries WHERE unique_hash = ANY ($1) AND holds_unique
        """;
}
