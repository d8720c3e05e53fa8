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

    /// <summary>$1 the subscriptions.</summary>
    internal const string EmptyQueues = "DELETE FROM {schema}.transport_queue WHERE subscription = ANY ($1) RETURNING event";

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

    /// <summary>What was published while its subscription was being removed.</summary>
    internal const string SweepQueue =
        "DELETE FROM {schema}.transport_queue q WHERE NOT EXISTS (SELECT FROM {schema}.transport_subscriptions s WHERE s.id = q.subscription)";

    internal const string SweepEvents = "DELETE FROM {schema}.transport_events e WHERE NOT EXISTS (SELECT FROM {schema}.transport_queue q WHERE q.event = e.id)";
}
