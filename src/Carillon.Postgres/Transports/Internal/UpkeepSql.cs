namespace Carillon.Postgres.Transports.Internal;

/// <summary>The statements that end receivers and subscriptions, and clear away after those that have crashed.</summary>
internal static class UpkeepSql
{
    internal const string EndExpired = "DELETE FROM {schema}.transport_receivers WHERE lease_until <= clock_timestamp()";

    /// <summary>Behind <see cref="EndExpired"/>. Also what somebody was given at the moment at which he was taken for dead.</summary>
    internal const string FreeOrphans =
        """
        UPDATE {schema}.transport_queue q SET state = 0, receiver = NULL
        WHERE q.state = 1 AND NOT EXISTS (SELECT FROM {schema}.transport_receivers r WHERE r.id = q.receiver)
        RETURNING q.subscription
        """;

    internal const string EndTemporary =
        """
        DELETE FROM {schema}.transport_subscriptions s
        WHERE s.key IS NULL AND NOT EXISTS (SELECT FROM {schema}.transport_receivers r WHERE r.subscription = s.id)
        RETURNING s.id
        """;

    /// <summary>$1 the receiver.</summary>
    internal const string End = "DELETE FROM {schema}.transport_receivers WHERE id = $1";

    /// <summary>$1 the receiver.</summary>
    internal const string FreeAll = "UPDATE {schema}.transport_queue SET state = 0, receiver = NULL WHERE receiver = $1 AND state = 1";

    /// <summary>Some of what waits for a subscription that is gone. $1 the subscription, $2 how many. By state, as the indexes are.</summary>
    internal const string EmptyQueue =
        """
        DELETE FROM {schema}.transport_queue q WHERE q.subscription = $1 AND q.event = ANY (ARRAY(
            SELECT w.event FROM (
                (SELECT r.event FROM {schema}.transport_queue r WHERE r.subscription = $1 AND r.state = 0 ORDER BY r.event LIMIT $2)
                UNION ALL
                (SELECT l.event FROM {schema}.transport_queue l WHERE l.subscription = $1 AND l.state = 2 ORDER BY l.due_at LIMIT $2)) w
            LIMIT $2))
        RETURNING q.event
        """;

    /// <summary>$1 the key.</summary>
    internal const string Find =
        """
        SELECT s.id, EXISTS (SELECT FROM {schema}.transport_receivers r WHERE r.subscription = s.id AND r.lease_until > clock_timestamp())
        FROM {schema}.transport_subscriptions s WHERE s.key = $1
        """;

    /// <summary>$1 the subscription. Whoever begins to receive from it meanwhile waits for this, and finds none.</summary>
    internal const string Delete =
        """
        DELETE FROM {schema}.transport_subscriptions s
        WHERE s.id = $1 AND NOT EXISTS (SELECT FROM {schema}.transport_receivers r WHERE r.subscription = s.id AND r.lease_until > clock_timestamp())
        RETURNING s.id
        """;

    /// <summary>$1 the subscription.</summary>
    internal const string DeleteDead = "DELETE FROM {schema}.transport_dead d WHERE d.subscription = $1 AND NOT EXISTS (SELECT FROM {schema}.transport_subscriptions s WHERE s.id = $1)";

    /// <summary>
    /// The subscriptions that went while something was published for them. From one to the next in the indexes, however much waits for each; what somebody of
    /// theirs had in hand is ready by then, as his lease has ended.
    /// </summary>
    internal const string FindGone =
        """
        WITH RECURSIVE ready AS (
            (SELECT q.subscription FROM {schema}.transport_queue q WHERE q.state = 0 ORDER BY q.subscription LIMIT 1)
            UNION ALL
            SELECT (SELECT q.subscription FROM {schema}.transport_queue q WHERE q.state = 0 AND q.subscription > r.subscription ORDER BY q.subscription LIMIT 1)
            FROM ready r WHERE r.subscription IS NOT NULL
        ), later AS (
            (SELECT q.subscription FROM {schema}.transport_queue q WHERE q.state = 2 ORDER BY q.subscription LIMIT 1)
            UNION ALL
            SELECT (SELECT q.subscription FROM {schema}.transport_queue q WHERE q.state = 2 AND q.subscription > l.subscription ORDER BY q.subscription LIMIT 1)
            FROM later l WHERE l.subscription IS NOT NULL
        )
        SELECT f.subscription FROM (SELECT subscription FROM ready UNION SELECT subscription FROM later) f
        WHERE f.subscription IS NOT NULL AND NOT EXISTS (SELECT FROM {schema}.transport_subscriptions s WHERE s.id = f.subscription)
        """;

    /// <summary>Looks through some events for those that nobody waits for. $1 behind which event to begin, $2 how many. Gives the last one back; null if it was the last of all.</summary>
    internal const string SweepEvents =
        """
        WITH seen AS MATERIALIZED (
            SELECT e.id FROM {schema}.transport_events e WHERE e.id > $1 ORDER BY e.id LIMIT $2
        ), gone AS (
            DELETE FROM {schema}.transport_events e WHERE e.id = ANY (ARRAY(
                SELECT s.id FROM seen s LEFT JOIN LATERAL (SELECT q.event FROM {schema}.transport_queue q WHERE q.event = s.id LIMIT 1) w ON true WHERE w.event IS NULL))
        )
        SELECT CASE WHEN count(*) = $2 THEN max(id) END FROM seen
        """;
}
