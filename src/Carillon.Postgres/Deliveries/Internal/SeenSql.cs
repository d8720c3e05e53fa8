namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>The statements of the inbox.</summary>
internal static class SeenSql
{
    /// <summary>For the rest of the transaction: an open one of the application may have noted the same message, and others must not wait for its end.</summary>
    internal const string WaitNoLonger = "SELECT set_config('lock_timeout', $1, true)";

    // A subquery of one value is looked up row by row, whatever the statistics say; EXISTS might become a join over the whole table.
    internal const string Ask =
        """
        SELECT asked.number FROM unnest($1, $2, $3) WITH ORDINALITY AS asked (consumer, message_id, now, number)
        WHERE (SELECT seen.keep_until > asked.now FROM {schema}.inbox AS seen WHERE seen.consumer = asked.consumer AND seen.message_id = asked.message_id)
        """;

    /// <summary>Only for those that are there already is it asked which time each call has.</summary>
    internal const string Note =
        """
        INSERT INTO {schema}.inbox AS seen (consumer, message_id, keep_until)
        SELECT noted.consumer, noted.message_id, noted.keep_until FROM unnest($1, $2, $4) AS noted (consumer, message_id, keep_until)
        ON CONFLICT (consumer, message_id) DO UPDATE SET keep_until = excluded.keep_until WHERE seen.keep_until <=
            (SELECT noted.now FROM unnest($1, $2, $3) AS noted (consumer, message_id, now) WHERE noted.consumer = seen.consumer AND noted.message_id = seen.message_id)
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
