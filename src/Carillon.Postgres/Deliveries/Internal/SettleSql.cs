namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>The statements that settle, extend and give up. Constants, with the states and outcomes as they are numbered in the enums.</summary>
/// <remarks>
/// Whoever knows the ids writes <c>state + 0 = 2</c>, so that the index of what is leased cannot serve him: by the statistics it is all but empty, and walking through
/// it looks cheaper than a hundred ids; but it may be full of leases that are gone.
/// </remarks>
internal static class SettleSql
{
    /// <summary>
    /// Held until the end of the transaction by whoever changes whose turn it is among the deliveries of a key: leases, settles, gives up, moves. So whoever looks has
    /// seen all that was done before, and nobody is parked behind one that was settled meanwhile. Always in the order of the numbers, and before any row is
    /// locked, so that nobody waits for somebody who waits for him.
    /// </summary>
    internal const string LockKeys = "SELECT pg_advisory_xact_lock(k) FROM unnest($1::bigint[]) AS k";

    /// <summary>Beside the locks of single keys; alone and exclusive in place of very many, since PostgreSQL has room for some thousand locks in all.</summary>
    internal const string LockSomeKeys = "SELECT pg_advisory_xact_lock_shared($1)";

    internal const string LockAllKeys = "SELECT pg_advisory_xact_lock($1)";

    /// <summary>
    /// Whoever has one that is unique for a while keeps it, as completed, until that is over. Nearly always there is none, nor one that had failed before, and all but the first part touches nothing.
    /// </summary>
    internal const string Remove =
        """
        WITH asked AS MATERIALIZED (
            SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS n (id, token, at)
        ), gone AS (
            DELETE FROM {schema}.deliveries d USING asked a
            WHERE d.id = a.id AND d.token = a.token AND d.state + 0 = 2 AND (d.unique_ends_at IS NULL OR d.unique_ends_at <= a.at OR NOT d.holds_unique)
            RETURNING d.id, d.token, d.failed_numbers IS NOT NULL AS has_failed
        ), forgotten AS (
            DELETE FROM {schema}.attempts WHERE delivery = ANY (ARRAY(SELECT id FROM gone WHERE has_failed))
        ), kept AS (
            UPDATE {schema}.deliveries d SET state = 3, due_at = a.at, lease_until = NULL, keep_until = d.unique_ends_at, error = NULL, cancel_requested = false
            FROM asked a
            WHERE a.id NOT IN (SELECT id FROM gone) AND d.id = a.id AND d.token = a.token AND d.state + 0 = 2 AND d.unique_ends_at > a.at AND d.holds_unique
            RETURNING d.id, d.token
        )
        SELECT id, token FROM gone UNION ALL SELECT id, token FROM kept
        """;

    /// <summary>
    /// Everything else. The rows are locked first, in the order of ids. Outcome 8 is one that should come again and finds a newer one in its place; should a
    /// newer one be written just now, the unique index refuses to have both, and the whole transaction is run again.
    /// </summary>
    /// <remarks>
    /// The unique index waits for a transaction of the application that has written the key, and everybody who has been at one of the rows here would wait with it. So those that take a key again are
    /// left as they are, and named, unless they are settled apart from the others ($9).
    /// </remarks>
    internal const string Settle =
        """
        WITH locked AS MATERIALIZED (
            SELECT d.id, d.token, d.unique_hash, s.outcome AS reported, s.at, s.retry_at, s.keep_until, s.error, coalesce(cardinality(d.failed_numbers), 0) AS failures,
                CASE WHEN d.cancel_requested AND s.outcome NOT IN (0, 6) THEN 7 ELSE s.outcome END AS outcome,
                d.holds_unique AND coalesce(d.unique_ends_at > s.at, false) AS counts_on,
                d.unique_hash IS NOT NULL AND d.unique_ends_at IS NULL AND NOT d.holds_unique AS takes_again
            FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[])
                AS s (id, token, outcome, at, retry_at, keep_until, error)
            JOIN {schema}.deliveries d ON d.id = s.id AND d.token = s.token AND d.state + 0 = 2
            ORDER BY d.id FOR UPDATE OF d
        ), settled AS (
            SELECT *, NOT $9 AND takes_again AND final IN (1, 3, 4, 5) AS is_left FROM (
                SELECT l.*, CASE
                    WHEN l.outcome IN (1, 3, 4, 5) AND l.takes_again AND (
                        row_number() OVER (PARTITION BY l.unique_hash, l.outcome IN (1, 3, 4, 5) ORDER BY l.id) > 1
                        OR EXISTS (SELECT FROM {schema}.deliveries o WHERE o.unique_hash = l.unique_hash AND o.holds_unique AND NOT coalesce(o.unique_ends_at <= l.at, false))) THEN 8
                    ELSE l.outcome END AS final
                FROM locked l) AS decided
        ), listed AS (
            INSERT INTO {schema}.attempts (delivery, place, error)
            SELECT id, failures + 1, coalesce(error, '') FROM settled WHERE reported IN (1, 2) AND NOT is_left
        ), changed AS (
            UPDATE {schema}.deliveries d SET
                state = CASE s.final WHEN 0 THEN 3 WHEN 1 THEN 0 WHEN 2 THEN 4 WHEN 3 THEN 1 WHEN 4 THEN 5 WHEN 5 THEN 0 WHEN 7 THEN 7 ELSE 6 END,
                due_at = CASE WHEN s.final IN (1, 5) THEN s.retry_at ELSE s.at END,
                lease_until = NULL,
                attempt = d.attempt - CASE WHEN s.reported IN (3, 4, 5) THEN 1 ELSE 0 END,
                error = CASE s.final WHEN 0 THEN NULL WHEN 8 THEN $8 ELSE coalesce(s.error, d.error) END,
                failed_numbers = CASE WHEN s.reported IN (1, 2) THEN array_append(d.failed_numbers, d.attempt) ELSE d.failed_numbers END,
                failed_at = CASE WHEN s.reported IN (1, 2) THEN array_append(d.failed_at, s.at) ELSE d.failed_at END,
                cancel_requested = false,
                holds_unique = CASE WHEN s.final IN (1, 3, 4, 5) THEN d.holds_unique OR s.takes_again ELSE s.counts_on END,
                keep_until = CASE
                    WHEN s.final IN (1, 3, 4, 5) THEN d.keep_until
                    WHEN s.final = 0 OR s.keep_until IS NOT NULL THEN greatest(s.keep_until, CASE WHEN s.counts_on THEN d.unique_ends_at END) END
            FROM settled s WHERE d.id = s.id AND NOT s.is_left
            RETURNING d.id, d.token
        )
        SELECT id, token, true FROM changed
        UNION ALL
        SELECT id, token, false FROM settled WHERE is_left
        """;

    /// <summary>
    /// Before those that take a key again: one whose period is over is free.
    /// </summary>
    internal const string FreeEnded =
        """
        UPDATE {schema}.deliveries SET holds_unique = false
        WHERE id = ANY (ARRAY(
            SELECT o.id FROM unnest($1::bigint[], $2::bigint[]) AS s (id, at)
            JOIN {schema}.deliveries d ON d.id = s.id AND d.unique_hash IS NOT NULL AND NOT d.holds_unique
            JOIN {schema}.deliveries o ON o.unique_hash = d.unique_hash AND o.holds_unique AND o.unique_ends_at <= s.at
            ORDER BY o.id FOR UPDATE OF o))
        """;

    internal const string Extend =
        """
        UPDATE {schema}.deliveries SET lease_until = $3
        WHERE id = ANY (ARRAY(
            SELECT d.id FROM unnest($1::bigint[], $2::bigint[]) AS n (id, token)
            JOIN {schema}.deliveries d ON d.id = n.id AND d.token = n.token AND d.state + 0 = 2
            ORDER BY d.id FOR UPDATE OF d))
        RETURNING id, token, cancel_requested
        """;
}
