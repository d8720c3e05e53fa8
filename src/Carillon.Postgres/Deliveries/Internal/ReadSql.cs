namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>The statements that read and change nothing.</summary>
internal static class ReadSql
{
    /// <summary>For each queue and priority one seek, and one for the leases.</summary>
    internal const string NextDue =
        """
        SELECT min(due) FROM (
            SELECT (SELECT due_at FROM {schema}.deliveries WHERE state < 2 AND queue = q.name AND priority = p.value AND due_at > $1 ORDER BY due_at LIMIT 1) AS due
            FROM {schema}.queues q CROSS JOIN (VALUES (1::smallint), (0::smallint), (-1::smallint)) AS p (value)
            UNION ALL
            SELECT (SELECT lease_until FROM {schema}.deliveries WHERE state = 2 AND lease_until > $1 ORDER BY lease_until LIMIT 1)
        ) AS each
        """;

    /// <summary>As <see cref="ClaimSql.CountRead"/>, for the indexes that this one reads.</summary>
    internal const string CountRead =
        """
        SELECT pg_stat_get_xact_tuples_returned('{schema}.deliveries_waiting'::regclass) + pg_stat_get_xact_tuples_returned('{schema}.deliveries_leased'::regclass)
        """;

    /// <summary>Exact, from the indexes alone where vacuum has been: of a million that wait it takes about a tenth of a second.</summary>
    internal const string Count =
        """
        SELECT CASE WHEN due_at <= $1 THEN 1 ELSE 0 END, count(*) FROM {schema}.deliveries WHERE state < 2 GROUP BY 1
        UNION ALL
        SELECT 2, count(*) FROM {schema}.deliveries WHERE state = 2 HAVING count(*) > 0
        UNION ALL
        SELECT state, count(*) FROM {schema}.deliveries WHERE state > 2 GROUP BY state
        """;

    /// <summary>
    /// $1 is the time, $2 how many are counted at the most: of each queue and priority so many entries of the index, and one for the oldest. What waits for a time to come is not walked past.
    /// The order is that of the index, without which the server may take it for cheaper to read the table from its beginning until it has found enough.
    /// </summary>
    internal const string Queues =
        """
        SELECT q.name, waiting.count, least(coalesce(leased.count, 0), $2), oldest.due, q.paused_at
        FROM {schema}.queues q
        CROSS JOIN LATERAL (
            SELECT count(*) AS count FROM (
                SELECT FROM (VALUES (1::smallint), (0::smallint), (-1::smallint)) AS p (value)
                CROSS JOIN LATERAL (
                    SELECT FROM {schema}.deliveries WHERE state < 2 AND queue = q.name AND priority = p.value AND due_at <= $1 ORDER BY due_at LIMIT $2) AS each
                LIMIT $2) AS counted) AS waiting
        CROSS JOIN LATERAL (
            SELECT min(each.due_at) AS due FROM (VALUES (1::smallint), (0::smallint), (-1::smallint)) AS p (value)
            CROSS JOIN LATERAL (
                SELECT due_at FROM {schema}.deliveries WHERE state < 2 AND queue = q.name AND priority = p.value AND due_at <= $1 ORDER BY due_at LIMIT 1) AS each) AS oldest
        LEFT JOIN (SELECT queue, count(*) AS count FROM {schema}.deliveries WHERE state = 2 GROUP BY queue) AS leased ON leased.queue = q.name
        LEFT JOIN LATERAL (SELECT true AS any FROM {schema}.deliveries WHERE state < 2 AND queue = q.name ORDER BY priority LIMIT 1) AS waits ON true
        WHERE q.paused_at IS NOT NULL OR leased.count > 0 OR waits.any
        ORDER BY q.name
        """;

    internal const string Paused = "SELECT name FROM {schema}.queues WHERE paused_at IS NOT NULL";

    /// <summary>$1 is the time.</summary>
    internal const string Snapshot =
        """
        SELECT id, CASE WHEN state = 0 AND due_at <= $1 THEN 1 ELSE state END, event_id, event_name, listener, attempt, created_at,
            CASE WHEN state = 2 THEN lease_until ELSE due_at END, owner, error, correlation, queue, priority, key, behind,
            CASE WHEN holds_unique THEN unique_key END, cancel_requested
        FROM {schema}.deliveries
        """;

    internal const string Find =
        """
        SELECT id, CASE WHEN state = 0 AND due_at <= $1 THEN 1 ELSE state END, event_id, event_name, listener, attempt, created_at,
            CASE WHEN state = 2 THEN lease_until ELSE due_at END, owner, error, correlation, queue, priority, key, behind,
            CASE WHEN holds_unique THEN unique_key END, cancel_requested,
            event_version, causation, trace_parent, trace_state, payload, failed_numbers, failed_at,
            failed_errors || ARRAY(SELECT error FROM {schema}.attempts WHERE delivery = $2 ORDER BY place)
        FROM {schema}.deliveries WHERE id = $2
        """;

    /// <summary>
    /// Whether a text is in the payload, the case of ASCII letters apart. Byte by byte as if it were Latin-1, since not every payload is valid UTF-8; one with a zero
    /// byte, which no text can have, is looked through in an escaped form.
    /// </summary>
    internal const string HasText =
        """
        (position(lower({text} COLLATE "C") IN lower(error COLLATE "C")) > 0
            OR position(lower(convert_from(convert_to({text}, 'UTF8'), 'LATIN1') COLLATE "C") IN lower((CASE
                WHEN position('\x00'::bytea IN payload) > 0 THEN encode(payload, 'escape') ELSE convert_from(payload, 'LATIN1') END) COLLATE "C")) > 0)
        """;
}
