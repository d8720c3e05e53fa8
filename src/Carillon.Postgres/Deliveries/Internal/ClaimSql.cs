namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>The statements that lease. Constants, with the states as they are numbered in DeliveryState.</summary>
internal static class ClaimSql
{
    /// <summary>
    /// Held while something of a queue is leased. Whoever pauses the queue takes it exclusively, so that nothing is leased once the pause has returned; whoever leases
    /// of a queue with a limit does too, so that no two count at once. A statement of its own, before the others: what they see is what is
    /// committed when they begin, and that has to be after the lock was had.
    /// </summary>
    internal const string ShareQueue = "SELECT pg_advisory_xact_lock_shared($1)";

    /// <inheritdoc cref="ShareQueue"/>
    internal const string LockQueue = "SELECT pg_advisory_xact_lock($1)";

    /// <summary>
    /// How many entries of the index this connection has read since the server last took down its statistics, which it never does inside a transaction: before and after a
    /// claim, what it has read. Entries of deliveries that are gone count as well; that is what is asked for.
    /// </summary>
    internal const string CountRead = "SELECT pg_stat_get_xact_tuples_returned('{schema}.deliveries_waiting'::regclass)";

    /// <summary>
    /// Leases those without a key that are due, and names those with a key that would have been next, for <see cref="Turns"/>. What others are at is skipped, so that
    /// nobody waits for anybody.
    /// </summary>
    /// <remarks>
    /// One seek into the index for each priority, of which the next one is begun only if the one before had too little: an Append below a Limit runs its parts one after
    /// the other. $7 to $13 are where to begin: what lies before was found gone. $14 are listeners whose deliveries are left to others. The ids go through an array, since a join would hash the table.
    /// </remarks>
    internal const string Claim =
        Room
        + """
        , due AS MATERIALIZED (
            SELECT id, key_hash, listener, key, priority, at, ended, count(*) FILTER (WHERE ended) OVER () AS all_ended FROM (
                SELECT * FROM (
                    SELECT * FROM (
                        SELECT id, key_hash, listener, key, priority, due_at AS at, false AS ended FROM {schema}.deliveries
                        WHERE state < 2 AND queue = $1 AND priority = 1 AND (due_at, id) > ($7, $8) AND due_at <= $2 AND listener <> ALL ($14)
                        ORDER BY due_at, id LIMIT (SELECT size FROM room) FOR UPDATE SKIP LOCKED) AS high
                    UNION ALL
                    SELECT * FROM (
                        SELECT id, key_hash, listener, key, priority, due_at AS at, false AS ended FROM {schema}.deliveries
                        WHERE state < 2 AND queue = $1 AND priority = 0 AND (due_at, id) > ($9, $10) AND due_at <= $2 AND listener <> ALL ($14)
                        ORDER BY due_at, id LIMIT (SELECT size FROM room) FOR UPDATE SKIP LOCKED) AS normal
                    UNION ALL
                    SELECT * FROM (
                        SELECT id, key_hash, listener, key, priority, due_at AS at, false AS ended FROM {schema}.deliveries
                        WHERE state < 2 AND queue = $1 AND priority = -1 AND (due_at, id) > ($11, $12) AND due_at <= $2 AND listener <> ALL ($14)
                        ORDER BY due_at, id LIMIT (SELECT size FROM room) FOR UPDATE SKIP LOCKED) AS low
                    LIMIT (SELECT size FROM room)) AS waiting
                UNION ALL
                SELECT * FROM (
                    SELECT id, key_hash, listener, key, priority, lease_until AS at, true AS ended FROM {schema}.deliveries
                    WHERE state = 2 AND lease_until >= $13 AND lease_until <= $2 AND queue = $1 AND listener <> ALL ($14)
                    ORDER BY priority DESC, lease_until, id LIMIT (SELECT size FROM room) FOR UPDATE SKIP LOCKED) AS ended
            ) AS found
            ORDER BY priority DESC, at, id LIMIT (SELECT size FROM room)
        ), taken AS (
        """
        + Take
        + """
             WHERE d.id = ANY (ARRAY(SELECT id FROM due WHERE key_hash IS NULL))
        """
        + Returning
        + """
        )
        SELECT due.id, due.priority, due.at, due.ended, due.all_ended, due.key_hash, due.listener, due.key,
        """
        + Columns
        + """
         FROM due LEFT JOIN taken t ON t.id = due.id
        """;

    /// <summary>
    /// Leases of those with a key the ones whose turn it is, and parks the others behind the one that keeps them from it. The locks of the keys are held, and were had
    /// before this statement began: see <see cref="SettleSql.LockKeys"/>.
    /// </summary>
    internal const string Turns =
        Room
        + """
        , due AS MATERIALIZED (
            SELECT id, key_hash, listener, key, key_ordered, key_skips_failed, key_limit, priority, CASE WHEN state = 2 THEN lease_until ELSE due_at END AS at
            FROM {schema}.deliveries
            WHERE id = ANY ($7) AND queue = $1 AND ((state < 2 AND due_at <= $2) OR (state = 2 AND lease_until <= $2))
            ORDER BY id FOR UPDATE SKIP LOCKED
        ), ranked AS (
            SELECT d.*, row_number() OVER turn AS place, first_value(id) OVER turn AS first FROM due d
            WINDOW turn AS (PARTITION BY key_hash, listener, key, key_ordered ORDER BY priority DESC, at, id)
        ), turns AS MATERIALIZED (
            SELECT d.id, d.priority, d.at, CASE WHEN d.key_ordered THEN coalesce(
                (SELECT o.id FROM {schema}.deliveries o
                    WHERE o.key_hash = d.key_hash AND o.state IN (0, 1, 2, 4, 5) AND o.id < d.id AND o.listener = d.listener AND o.key = d.key
                        AND NOT (o.state = 4 AND d.key_skips_failed)
                    ORDER BY o.id LIMIT 1),
                (SELECT min(o.id) FROM {schema}.deliveries o
                    WHERE o.key_hash = d.key_hash AND o.state = 2 AND o.lease_until > $2 AND o.listener = d.listener AND o.key = d.key))
            ELSE (SELECT CASE WHEN count(*) + d.place > d.key_limit THEN coalesce(min(o.id), d.first) END FROM {schema}.deliveries o
                    WHERE o.key_hash = d.key_hash AND o.state = 2 AND o.lease_until > $2 AND o.listener = d.listener AND o.key = d.key)
            END AS blocker
            FROM ranked d
        ), parked AS (
            UPDATE {schema}.deliveries d SET state = 5, behind = t.blocker, lease_until = NULL, due_at = t.at
            FROM turns t WHERE d.id = t.id AND t.blocker IS NOT NULL
            RETURNING d.id
        ), taken AS (
        """
        + Take
        + """
             WHERE d.id = ANY (ARRAY(SELECT id FROM turns WHERE blocker IS NULL ORDER BY priority DESC, at, id LIMIT (SELECT size FROM room)))
        """
        + Returning
        + """
        )
        SELECT due.id, due.priority, due.at, false, 0::bigint, NULL::bigint, NULL::text, NULL::text,
        """
        + Columns
        + """
         FROM turns due JOIN taken t ON t.id = due.id
        UNION ALL
        SELECT id, 0::smallint, 0::bigint, false, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM parked
        """;

    /// <summary>How many more may be leased: none of a queue that is paused, and as many as its limit leaves if it has one.</summary>
    private const string Room =
        """
        WITH room AS MATERIALIZED (
            SELECT CASE
                WHEN EXISTS (SELECT FROM {schema}.queues WHERE name = $1 AND paused_at IS NOT NULL) THEN 0
                WHEN $4 = 0 THEN $3
                ELSE greatest(0, least($3, $4 - (SELECT count(*) FROM {schema}.deliveries WHERE state = 2 AND lease_until > $2 AND queue = $1)))
            END AS size
        )
        """;

    /// <summary>One that is unique until it starts is no longer unique from here on.</summary>
    private const string Take =
        """
        UPDATE {schema}.deliveries d SET
            state = 2, lease_until = $5, owner = $6, token = d.token + 1, attempt = d.attempt + 1,
            holds_unique = d.holds_unique AND NOT (d.unique_until = 0 AND d.unique_ends_at IS NULL)
        """;

    private const string Returning =
        """
         RETURNING d.id, d.token, d.attempt, d.cancel_requested, d.event_id, d.event_name, d.event_version, d.created_at, d.correlation, d.causation,
            d.trace_parent, d.trace_state, d.listener, d.key, d.payload
        """;

    private const string Columns =
        """
         t.token, t.attempt, t.cancel_requested, t.event_id, t.event_name, t.event_version, t.created_at, t.correlation, t.causation,
            t.trace_parent, t.trace_state, t.listener, t.key, t.payload
        """;
}
