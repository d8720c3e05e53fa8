namespace Carillon.Postgres.Transports.Internal;

/// <summary>The statements for dead letters: $1 is the key of the subscription.</summary>
internal static class DeadSql
{
    /// <summary>$2 how many.</summary>
    internal const string List =
        """
        SELECT d.id, d.reason, d.is_parked, d.at, d.attempts, d.content_type, d.headers, d.body
        FROM {schema}.transport_dead d JOIN {schema}.transport_subscriptions s ON s.id = d.subscription
        WHERE s.key = $1 ORDER BY d.id LIMIT $2
        """;

    /// <summary>$2 which, $3 whether all. Of two who take the same one the second finds it gone.</summary>
    internal const string Discard = "WITH " + Gone + " SELECT count(*), min(subscription) FROM gone";

    /// <summary>As <see cref="Discard"/>; each comes again as an event of its own, for its own subscription.</summary>
    internal const string Replay = "WITH " + Gone
        + """
        , given AS MATERIALIZED (
            SELECT nextval('{schema}.transport_events_id_seq') AS event, g.* FROM (SELECT * FROM gone ORDER BY id) g
        ), written AS (
            INSERT INTO {schema}.transport_events (id, name, content_type, headers, body) SELECT event, name, content_type, headers, body FROM given
        ), queued AS (
            INSERT INTO {schema}.transport_queue (event, subscription, key_hash) SELECT event, subscription, key_hash FROM given
        )
        SELECT count(*), min(subscription) FROM given
        """;

    private const string Gone =
        """
        gone AS (
            DELETE FROM {schema}.transport_dead d USING {schema}.transport_subscriptions s
            WHERE s.key = $1 AND d.subscription = s.id AND ($3 OR d.id = ANY ($2))
            RETURNING d.id, d.subscription, d.key_hash, d.name, d.content_type, d.headers, d.body
        )
        """;
}
