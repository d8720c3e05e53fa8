namespace Carillon.Postgres.Transports.Internal;

/// <summary>The statements by which events are done with: $1 is the subscription, $2 the receiver, $3 the events. Who has an event no more changes nothing.</summary>
internal static class SettleSql
{
    internal const string Acknowledge =
        "DELETE FROM {schema}.transport_queue WHERE event = ANY ($3) AND subscription = $1 AND receiver = $2 AND state = 1";

    internal const string Return =
        "UPDATE {schema}.transport_queue SET state = 0, receiver = NULL WHERE event = ANY ($3) AND subscription = $1 AND receiver = $2 AND state = 1";

    /// <summary>$4 the delays, in ms.</summary>
    internal const string Retry =
        """
        UPDATE {schema}.transport_queue q SET state = 2, receiver = NULL, attempts = q.attempts + 1, due_at = clock_timestamp() + n.delay * interval '1 millisecond'
        FROM unnest($3::bigint[], $4::bigint[]) AS n (event, delay)
        WHERE q.event = n.event AND q.subscription = $1 AND q.receiver = $2 AND q.state = 1
        """;

    /// <summary>$4 the reasons, $5 whether it is parked. Those of temporary subscriptions are dropped.</summary>
    internal const string GiveUp =
        """
        WITH gone AS (
            DELETE FROM {schema}.transport_queue q USING unnest($3::bigint[], $4::text[], $5::boolean[]) AS n (event, reason, is_parked)
            WHERE q.event = n.event AND q.subscription = $1 AND q.receiver = $2 AND q.state = 1
            RETURNING q.event, q.attempts, q.key_hash, n.reason, n.is_parked
        )
        INSERT INTO {schema}.transport_dead (subscription, at, key_hash, attempts, is_parked, reason, name, content_type, headers, body)
        SELECT $1, clock_timestamp(), g.key_hash, g.attempts + 1, g.is_parked, g.reason, e.name, e.content_type, e.headers, e.body
        FROM gone g JOIN {schema}.transport_events e ON e.id = g.event
        WHERE EXISTS (SELECT FROM {schema}.transport_subscriptions s WHERE s.id = $1 AND s.key IS NOT NULL)
        ORDER BY g.event
        """;

    /// <summary>
    /// $1 alone: events that nobody waits for any more. Two subscriptions that are done with one at the same moment see each other's row; what they leave is swept.
    /// </summary>
    internal const string Forget =
        "DELETE FROM {schema}.transport_events e WHERE e.id = ANY ($1) AND NOT EXISTS (SELECT FROM {schema}.transport_queue q WHERE q.event = e.id)";
}
