namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>The statements by which a person, the application or a sweep changes what nobody has leased.</summary>
internal static class ManageSql
{
    /// <summary>Which keys are concerned, so that their locks can be had before any row is locked.</summary>
    internal const string ReadKeys = "SELECT DISTINCT listener, key, key_hash FROM {schema}.deliveries WHERE id = ANY ($1) AND key_hash IS NOT NULL";

    /// <summary>First, in the order of ids: what follows in the same transaction finds them as they are. Not for those who have only met one (<see cref="UniqueSql.Meet"/>).</summary>
    internal const string LockRows = "SELECT id FROM {schema}.deliveries WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE";

    /// <summary>Before <see cref="Retry"/>: an open transaction of the application may have one of the unique keys, and whoever settles others of these would wait with the person.</summary>
    internal const string WaitNoLonger = "SELECT 0::bigint FROM set_config('lock_timeout', '1s', true)";

    /// <summary>
    /// One that was unique is unique again; if a newer one has its key, it is left as it is. Of several with one key the first that was named is retried. Should another one
    /// be written just now, the unique index refuses to have both, and the transaction is run again.
    /// </summary>
    internal const string Retry =
        """
        WITH meant AS (
            SELECT d.id, d.unique_hash, d.unique_hash IS NOT NULL AND d.unique_ends_at IS NULL AND NOT d.holds_unique AS takes_again, n.place
            FROM unnest($1::bigint[]) WITH ORDINALITY AS n (id, place) JOIN {schema}.deliveries d ON d.id = n.id AND d.state > 2
        ), ranked AS (
            SELECT m.*, row_number() OVER (PARTITION BY unique_hash, takes_again ORDER BY place) AS rank FROM meant m
        )
        UPDATE {schema}.deliveries d SET
            state = 1, due_at = $2, attempt = 0, error = NULL, behind = NULL, cancel_requested = false, keep_until = NULL,
            holds_unique = d.holds_unique OR r.takes_again
        FROM ranked r
        WHERE d.id = r.id AND NOT (r.takes_again AND (
            r.rank > 1 OR EXISTS (SELECT FROM {schema}.deliveries o WHERE o.unique_hash = r.unique_hash AND o.holds_unique)))
        RETURNING d.id
        """;

    internal const string GiveUp =
        """
        UPDATE {schema}.deliveries SET
            state = $2, due_at = $3, behind = NULL, cancel_requested = false,
            holds_unique = holds_unique AND coalesce(unique_ends_at > $3, false),
            keep_until = CASE WHEN $4 IS NOT NULL THEN greatest($4, CASE WHEN holds_unique AND unique_ends_at > $3 THEN unique_ends_at END) END
        WHERE id = ANY ($1) AND state IN (0, 1, 4, 5)
        RETURNING id
        """;

    internal const string RequestCancel = "UPDATE {schema}.deliveries SET cancel_requested = true WHERE id = ANY ($1) AND state = 2 RETURNING id";

    internal const string Reschedule =
        """
        UPDATE {schema}.deliveries SET due_at = $2, state = CASE WHEN $2 <= $3 THEN 1 ELSE 0 END
        WHERE id = ANY ($1) AND state < 2
        RETURNING id
        """;

    /// <summary>With the lock of the queue held exclusively: see <see cref="ClaimSql.ShareQueue"/>.</summary>
    internal const string Pause =
        "INSERT INTO {schema}.queues AS q (name, paused_at) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET paused_at = $2 WHERE q.paused_at IS NULL RETURNING name";

    internal const string Resume = "UPDATE {schema}.queues SET paused_at = NULL WHERE name = $1 AND paused_at IS NOT NULL RETURNING name";

    internal const string ReadParkedNames = "SELECT DISTINCT event_name, listener FROM {schema}.deliveries WHERE state > 2 AND state = 5 AND behind IS NULL";

    internal const string Unpark =
        """
        UPDATE {schema}.deliveries SET state = 1, due_at = $3, error = NULL
        WHERE id = ANY (ARRAY(
            SELECT d.id FROM {schema}.deliveries d JOIN unnest($1::text[], $2::text[]) AS n (event_name, listener) USING (event_name, listener)
            WHERE d.state > 2 AND d.state = 5 AND d.behind IS NULL
            ORDER BY d.id FOR NO KEY UPDATE OF d SKIP LOCKED))
        RETURNING id
        """;

    /// <summary>A piece at a time, so that nobody waits long; what somebody is at is left for the next sweep.</summary>
    internal const string RemoveKept =
        """
        WITH gone AS (
            DELETE FROM {schema}.deliveries
            WHERE id = ANY (ARRAY(
                SELECT id FROM {schema}.deliveries WHERE keep_until <= $1 AND state > 2 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED))
            RETURNING id, failed_numbers IS NOT NULL AS has_failed
        ), forgotten AS (
            DELETE FROM {schema}.attempts WHERE delivery = ANY (ARRAY(SELECT id FROM gone WHERE has_failed))
        )
        SELECT id FROM gone
        """;

    internal const string RemoveSeen =
        """
        DELETE FROM {schema}.inbox
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM {schema}.inbox WHERE keep_until <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED))
        RETURNING 1::bigint
        """;

    /// <summary>The keys of which something is parked behind another, in the order of their numbers, behind the last one that was read.</summary>
    internal const string ReadParkedKeys =
        """
        SELECT DISTINCT listener, key, key_hash FROM {schema}.deliveries
        WHERE state > 2 AND state = 5 AND behind IS NOT NULL AND key_hash > $1 ORDER BY key_hash LIMIT $2
        """;
}
