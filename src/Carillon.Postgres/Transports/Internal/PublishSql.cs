namespace Carillon.Postgres.Transports.Internal;

/// <summary>The statement that publishes.</summary>
internal static class PublishSql
{
    /// <summary>
    /// Events in the order in which they were given; each once, and a row of the queue for each subscription that wants it. Which ones those are is seen when the statement
    /// begins: whoever had subscribed by then has it. The result is who has what.
    /// </summary>
    internal const string Publish =
        """
        WITH given AS MATERIALIZED (
            SELECT nextval('{schema}.transport_events_id_seq') AS id, g.*
            FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bytea[]) WITH ORDINALITY AS g (name, key_hash, content_type, headers, body, place)
        ), wanted AS MATERIALIZED (
            SELECT g.id, g.place, s.id AS subscription, CASE WHEN s.key_ordered THEN g.key_hash END AS key_hash
            FROM given g JOIN {schema}.transport_subscriptions s ON g.name || '.' ~ ANY (s.patterns)
            WHERE s.key IS NOT NULL OR EXISTS (SELECT FROM {schema}.transport_receivers r WHERE r.subscription = s.id AND r.lease_until > clock_timestamp())
        ), written AS (
            INSERT INTO {schema}.transport_events (id, name, content_type, headers, body)
            SELECT id, name, content_type, headers, body FROM given g WHERE EXISTS (SELECT FROM wanted w WHERE w.id = g.id)
        ), queued AS (
            INSERT INTO {schema}.transport_queue (event, subscription, key_hash) SELECT id, subscription, key_hash FROM wanted
        )
        SELECT place::int, subscription FROM wanted
        """;
}
