namespace Carillon.Postgres.Transports.Internal;

/// <summary>The statements of a receiver: $1 is the subscription and $2 the receiver, unless it says otherwise.</summary>
internal static class ReceiveSql
{
    /// <summary>$1 the key, $2 whether the order is kept, $3 the patterns, $4 whether that counts where somebody has said something else, $5 the receiver, $6 the lease in ms.</summary>
    internal const string Join =
        """
        WITH joined AS (
            INSERT INTO {schema}.transport_subscriptions AS s (key, key_ordered, patterns) VALUES ($1, $2, $3)
            ON CONFLICT (key) WHERE key IS NOT NULL DO UPDATE SET
                key_ordered = CASE WHEN $4 THEN excluded.key_ordered ELSE s.key_ordered END,
                patterns = CASE WHEN $4 THEN excluded.patterns ELSE s.patterns END
            RETURNING id
        )
        INSERT INTO {schema}.transport_receivers AS r (subscription, lease_until, id) SELECT id, clock_timestamp() + $6 * interval '1 millisecond', $5 FROM joined
        ON CONFLICT (id) DO UPDATE SET subscription = excluded.subscription, lease_until = excluded.lease_until
        RETURNING r.subscription
        """;

    /// <summary>$1 the receiver, $2 the lease in ms.</summary>
    internal const string Extend = "UPDATE {schema}.transport_receivers SET lease_until = clock_timestamp() + $2 * interval '1 millisecond' WHERE id = $1 RETURNING id";

    /// <summary>Of a claim whose answer was lost nobody knows: what the receiver does not know to have is ready again. $3 what it knows.</summary>
    internal const string Reconcile =
        "UPDATE {schema}.transport_queue SET state = 0, receiver = NULL WHERE receiver = $2 AND state = 1 AND subscription = $1 AND NOT event = ANY ($3)";

    /// <summary>$1 alone.</summary>
    internal const string WakeDue =
        "UPDATE {schema}.transport_queue SET state = 0, due_at = NULL WHERE subscription = $1 AND state = 2 AND due_at <= clock_timestamp() RETURNING event";

    /// <summary>
    /// Whoever asks for events of a subscription that keeps the order does so alone: what one claims another must see before it decides whose turn it is. $1 alone, a number.
    /// </summary>
    internal const string Alone = "SELECT pg_advisory_xact_lock($1)";

    /// <summary>$3 behind which event to begin, $4 how many.</summary>
    internal const string Claim = Begin + End;

    /// <summary>As <see cref="Claim"/>, of each key the first, and none of which one is in hand: one may be committed late before one that is.</summary>
    internal const string ClaimInOrder = Begin
        + """
              AND (w.key_hash IS NULL OR (
                NOT EXISTS (SELECT FROM {schema}.transport_queue o WHERE o.subscription = $1 AND o.key_hash = w.key_hash AND o.event < w.event)
                AND NOT EXISTS (SELECT FROM {schema}.transport_queue o WHERE o.subscription = $1 AND o.key_hash = w.key_hash AND o.state = 1)))
        """
        + End;

    /// <summary>In how many ms the next one comes again. $1 alone.</summary>
    internal const string NextDue =
        "SELECT (extract(epoch FROM min(due_at) - clock_timestamp()) * 1000)::float8 FROM {schema}.transport_queue WHERE subscription = $1 AND state = 2";

    private const string Begin =
        """
        WITH taken AS (
            UPDATE {schema}.transport_queue q SET state = 1, receiver = $2
            WHERE q.subscription = $1 AND q.event = ANY (ARRAY(
                SELECT w.event FROM {schema}.transport_queue w
                WHERE w.subscription = $1 AND w.state = 0 AND w.event > $3 AND EXISTS (SELECT FROM {schema}.transport_receivers r WHERE r.id = $2)
        """;

    private const string End =
        """

                ORDER BY w.event LIMIT $4 FOR UPDATE OF w SKIP LOCKED))
            RETURNING q.event, q.attempts, q.key_hash
        )
        SELECT t.event, t.attempts, t.key_hash IS NOT NULL, e.content_type, e.headers, e.body
        FROM taken t JOIN {schema}.transport_events e ON e.id = t.event ORDER BY t.event
        """;
}
