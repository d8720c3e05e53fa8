namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>The statements that write deliveries. Constants; whatever varies is a parameter, and the schema.</summary>
internal static class InsertSql
{
    /// <summary>
    /// Gives the ids back in the order of the rows: arrays are unfolded in order, and a statement without a sort, a join or a parallel plan (no INSERT has one) inserts
    /// and returns them as they come.
    /// </summary>
    internal const string Insert = "INSERT INTO {schema}.deliveries (" + Stored + ") SELECT " + Values + " FROM " + Rows + " RETURNING id";

    /// <summary>One without a key, by values.</summary>
    internal const string InsertOne =
        """
        INSERT INTO {schema}.deliveries (
            token, attempt, key_limit, key_ordered, key_skips_failed, holds_unique,
            due_at, lease_until, created_at, event_version, state, priority, event_id, causation, queue, listener, event_name, correlation, owner, trace_parent, trace_state, payload)
        VALUES (
            ($2 IS NOT NULL)::int, ($2 IS NOT NULL)::int, 0, false, false, false,
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        RETURNING id
        """;

    /// <summary>
    /// Waits for a transaction that has written one of the keys and is still open, and then leaves the row out or not. Rows that are there already are neither changed nor
    /// locked, so that a worker that has one is not kept from settling it by the application's transaction. What is done with them besides: <see cref="UniqueSql"/>.
    /// </summary>
    /// <remarks>
    /// The ids are given in the order of the rows, which is the order of those that share a key; the rows are written in the order of their hashes, so that two calls that have
    /// two of them in common do not wait for each other. Those without come first, in their own order.
    /// </remarks>
    internal const string InsertUnique =
        "INSERT INTO {schema}.deliveries (id, " + Stored + ") SELECT id, " + Values
        + " FROM (SELECT nextval('{schema}.deliveries_id_seq') AS id, * FROM " + RowsInOrder + " ORDER BY place OFFSET 0) AS n ORDER BY unique_hash NULLS FIRST, place"
        + " ON CONFLICT (unique_hash) WHERE holds_unique DO NOTHING RETURNING id, unique_hash";

    /// <summary>
    /// The locks of the keys ($1) that nobody has just now, beside the one of all keys ($2): held until the transaction ends, and named in a setting that ends with it. Nobody is waited
    /// for. A transaction whose statements all see what was committed when it began has none: it could not see what those have done that had the lock before.
    /// </summary>
    internal const string HoldFreeKeys =
        """
        SELECT set_config('carillon.held_keys', coalesce(string_agg(k::text, ','), ''), true) FROM unnest($1::bigint[]) AS k
        WHERE CASE WHEN current_setting('transaction_isolation') = 'read committed'
            THEN pg_try_advisory_xact_lock_shared($2) AND pg_try_advisory_xact_lock(k) ELSE false END
        """;

    /// <summary>
    /// Behind <see cref="HoldFreeKeys"/>, and followed by the commit: those that were to be leased and have a key are leased if its lock is held and nothing of the key is there. $27 is what
    /// makes the lock out of the number of the key.
    /// </summary>
    internal const string InsertInTurn =
        "WITH held AS MATERIALIZED (SELECT k::bigint AS k FROM unnest(string_to_array(current_setting('carillon.held_keys'), ',')) AS k)"
        + " INSERT INTO {schema}.deliveries (" + Stored + ") SELECT is_taken::int, is_taken::int, CASE WHEN is_taken THEN 2 WHEN due_at <= created_at THEN 1 ELSE 0 END,"
        + " due_at, CASE WHEN is_taken THEN lease_until END, " + Others
        + """
         FROM (
            SELECT *, lease_until IS NOT NULL AND (key_hash IS NULL OR ((key_hash # $27) IN (SELECT k FROM held) AND NOT EXISTS (
                SELECT FROM {schema}.deliveries o
                WHERE o.key_hash = n.key_hash AND o.state IN (0, 1, 2, 4, 5) AND o.listener = n.listener AND o.key = n.key AND NOT (o.state = 4 AND n.key_skips_failed)))) AS is_taken
            FROM
        """
        + " " + Rows + " OFFSET 0) AS n RETURNING id, state = 2";

    /// <summary>Those that this transaction has written itself, and nobody else has seen.</summary>
    internal const string TakeBack = "DELETE FROM {schema}.deliveries WHERE id = ANY ($1)";

    internal const string AddQueues = "INSERT INTO {schema}.queues (name) SELECT * FROM unnest($1::text[]) AS n (name) ORDER BY name ON CONFLICT DO NOTHING";

    private const string Stored = "token, attempt, state, " + Given;

    private const string Values =
        """
        (lease_until IS NOT NULL)::int, (lease_until IS NOT NULL)::int,
            CASE WHEN lease_until IS NOT NULL THEN 2 WHEN due_at <= created_at THEN 1 ELSE 0 END,
        """
        + Given;

    private const string Rows = "unnest(" + Arrays + ") AS n (" + Given + ")";

    private const string RowsInOrder = "unnest(" + Arrays + ") WITH ORDINALITY AS n (" + Given + ", place)";

    private const string Arrays =
        """
        $1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::int[], $8::int[], $9::smallint[], $10::smallint[],
            $11::boolean[], $12::boolean[], $13::boolean[], $14::uuid[], $15::uuid[], $16::uuid[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[],
            $22::text[], $23::text[], $24::text[], $25::text[], $26::bytea[]
        """;

    private const string Given = "due_at, lease_until, " + Others;

    private const string Others =
        """
        created_at, unique_ends_at, unique_since, key_hash, event_version, key_limit, priority, unique_until,
            key_ordered, key_skips_failed, holds_unique, event_id, causation, unique_hash, queue, listener, event_name, correlation, key, unique_key, owner,
            trace_parent, trace_state, payload
        """;
}
