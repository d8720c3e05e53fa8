namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>
/// The statements that make those ready that nothing blocks any more, now that others of their keys have changed: of those in order the first, of those with a limit as
/// many as there is room for. Which one was behind which is not asked. With the due time that it had: whoever comes later does not overtake it.
/// </summary>
/// <remarks>
/// Whoever takes a turn away or gives it back holds the lock of the key: see <see cref="SettleSql.LockKeys"/>. One that is locked is being made ready by another transaction just
/// now, and is left to that one; should it be rolled back, the next change of the key or the next sweep makes up for it. One that a transaction has only met
/// (<see cref="UniqueSql.Meet"/>) is made ready.
/// </remarks>
internal static class TurnSql
{
    /// <summary>$1 is the time, $2 to $4 are the keys: listener, key, number.</summary>
    internal const string PassOn = Before + "SELECT * FROM unnest($2::text[], $3::text[], $4::bigint[]) AS k (listener, key, hash)" + After;

    /// <summary>
    /// $1 is the time, $2 are hashes of unique keys: those that a later event has replaced may have been next, and are due later now. Without the
    /// locks of the keys, which would be held until the application commits: whoever is parked at the same time is parked behind one that runs, which will pass its turn on.
    /// </summary>
    internal const string PassOnReplaced =
        Before
        + "SELECT DISTINCT d.listener, d.key, d.key_hash AS hash FROM {schema}.deliveries d WHERE d.unique_hash = ANY ($2) AND d.holds_unique AND d.key_hash IS NOT NULL"
        + After;

    private const string Before =
        """
        UPDATE {schema}.deliveries SET state = CASE WHEN due_at <= $1 THEN 1 ELSE 0 END, behind = NULL
        WHERE id = ANY (ARRAY(
            SELECT d.id FROM (
        """;

    private const string After =
        """
        ) AS k
            CROSS JOIN LATERAL (
                SELECT count(*) AS running FROM {schema}.deliveries o
                WHERE o.key_hash = k.hash AND o.state = 2 AND o.lease_until > $1 AND o.listener = k.listener AND o.key = k.key) AS r
            CROSS JOIN LATERAL (
                (SELECT next.id FROM (
                    SELECT p.id, p.key_skips_failed FROM {schema}.deliveries p
                    WHERE p.key_hash = k.hash AND p.state IN (0, 1, 2, 4, 5) AND p.state = 5 AND p.behind IS NOT NULL AND p.key_ordered AND p.listener = k.listener AND p.key = k.key
                    ORDER BY p.id LIMIT 1) AS next
                WHERE r.running = 0 AND NOT EXISTS (
                    SELECT FROM {schema}.deliveries o
                    WHERE o.key_hash = k.hash AND o.state IN (0, 1, 2, 4, 5) AND o.id < next.id AND o.listener = k.listener AND o.key = k.key
                        AND NOT (o.state = 4 AND next.key_skips_failed)))
                UNION ALL
                (SELECT p.id FROM {schema}.deliveries p
                    WHERE p.key_hash = k.hash AND p.state = 5 AND p.behind IS NOT NULL AND NOT p.key_ordered AND p.listener = k.listener AND p.key = k.key
                    ORDER BY p.priority DESC, p.due_at, p.id
                    LIMIT greatest(0, (
                        SELECT p.key_limit FROM {schema}.deliveries p
                        WHERE p.key_hash = k.hash AND p.state = 5 AND p.behind IS NOT NULL AND NOT p.key_ordered AND p.listener = k.listener AND p.key = k.key
                        ORDER BY p.priority DESC, p.due_at, p.id LIMIT 1) - r.running))
            ) AS freed
            JOIN {schema}.deliveries d ON d.id = freed.id AND d.state = 5 AND d.behind IS NOT NULL
            ORDER BY d.id FOR NO KEY UPDATE OF d SKIP LOCKED))
        """;
}
