namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>The statements of the inbox.</summary>
internal static class SeenSql
{
    /// <summary>For the rest of the transaction: an application's open one may have noted the same message, and others must not wait for its end.</summary>
    internal const string DoNotWait = "SELECT set_config('lock_timeout', '100ms', true)";

    internal const string Ask =
        """
        SELECT asked.number FROM unnest($1, $2, $3) WITH ORDINALITY AS asked (consumer, message_id, now, number)
        WHERE EXISTS (SELECT FROM {schema}.inbox AS seen WHERE seen.consumer = asked.consumer AND seen.message_id = asked.message_id AND seen.keep_until > asked.now)
        """;

    internal const string Note =
        """
        INSERT INTO {schema}.inbox AS seen (consumer, message_id, keep_until) SELECT * FROM unnest($1, $2, $3)
        ON CONFLICT (consumer, message_id) DO UPDATE SET keep_until = excluded.keep_until WHERE seen.keep_until <= $4
        RETURNING consumer, message_id
        """;

    internal const string NoteOne =
        """
        INSERT INTO {schema}.inbox AS seen (consumer, message_id, keep_until) VALUES ($1, $2, $4)
        ON CONFLICT (consumer, message_id) DO UPDATE SET keep_until = $4 WHERE seen.keep_until <= $3
        RETURNING 1::bigint
        """;

    internal const string Forget = "DELETE FROM {schema}.inbox WHERE consumer = $1 AND message_id = $2";
}
