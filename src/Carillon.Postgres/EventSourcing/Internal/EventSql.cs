namespace Carillon.Postgres.EventSourcing.Internal;

/// <summary>The statements of the event store. Whatever varies is a parameter; {schema} is the name of the schema.</summary>
internal static class EventSql
{
    /// <summary>
    /// Before a transaction is given its first position it says so, with a lock that nobody waits for: its number is the last position that was given until then. Whoever
    /// reads looks at these locks and stops at the lowest. Once a transaction, so that many appends in it do not fill the table of locks; a savepoint that is rolled
    /// back takes the lock and the note of it back together.
    /// </summary>
    internal const string Announce =
        """
        SELECT pg_advisory_xact_lock_shared($1, ((s.last_value - (NOT s.is_called)::int) & 2147483647)::int), set_config('carillon.appending', $2, true)
        FROM {schema}.events_position_seq s WHERE current_setting('carillon.appending', true) IS DISTINCT FROM $2
        """;

    /// <summary>To a stream of whatever version.</summary>
    internal const string AppendToAny =
        """
        WITH head AS (
            INSERT INTO {schema}.streams AS s (name, version) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET version = s.version + $2 RETURNING version - $2 AS before
        )
        """ + AppendBehind;

    /// <summary>To one that there is not yet.</summary>
    internal const string AppendToNew =
        "WITH head AS (INSERT INTO {schema}.streams (name, version) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING RETURNING 0::bigint AS before)" + AppendBehind;

    /// <summary>To one that there is, of a certain version or, with -1, of whatever version.</summary>
    internal const string AppendToPresent =
        "WITH head AS (UPDATE {schema}.streams SET version = version + $2 WHERE name = $1 AND ($14 = -1 OR version = $14) RETURNING version - $2 AS before)" + AppendBehind;

    internal const string FindVersion = "SELECT version FROM {schema}.streams WHERE name = $1";

    internal const string ReadForwards = Read + " WHERE stream = $1 AND version >= $2 ORDER BY stream, version LIMIT $3";

    internal const string ReadBackwards = Read + " WHERE stream = $1 AND version <= $2 ORDER BY stream DESC, version DESC LIMIT $3";

    internal const string ReadAllForwards = Read + " WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3";

    internal const string ReadAllBackwards = Read + " WHERE position > $1 AND position <= $2 ORDER BY position DESC LIMIT $3";

    /// <summary>First: what was given until now.</summary>
    internal const string FindLast = "SELECT last_value - (NOT is_called)::int FROM {schema}.events_position_seq";

    /// <summary>
    /// Then: who had announced himself before he was given something of it and has not ended. Whoever has ended in between has committed before his lock was gone, and
    /// what is read after this is seen.
    /// </summary>
    internal const string FindOpen =
        """
        SELECT objid::bigint, pid FROM pg_catalog.pg_locks
        WHERE locktype = 'advisory' AND objsubid = 2 AND classid::bigint = $1 AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
        """;

    internal const string SaveSnapshot =
        """
        INSERT INTO {schema}.snapshots AS s (stream, version, time, shape, state) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (stream) DO UPDATE SET version = excluded.version, time = excluded.time, shape = excluded.shape, state = excluded.state WHERE s.version <= excluded.version
        """;

    internal const string FindSnapshot = "SELECT version, time, shape, state FROM {schema}.snapshots WHERE stream = $1";

    private const string Read =
        """
        SELECT position, version, time, event_version, event_id, causation, stream, event_name, correlation, who, trace_parent, trace_state, metadata, payload
        FROM {schema}.events
        """;

    // Positions are given when the rows are, in the order in which they come.
    private const string AppendBehind =
        """
        , added AS (
            INSERT INTO {schema}.events (version, time, event_version, event_id, causation, stream, event_name, correlation, who, trace_parent, trace_state, metadata, payload)
            SELECT h.before + n.place, n.time, n.event_version, n.event_id, n.causation, $1, n.event_name, n.correlation, n.who, n.trace_parent, n.trace_state, n.metadata, n.payload
            FROM head h, unnest($3::bigint[], $4::int[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::bytea[]) WITH ORDINALITY
                AS n (time, event_version, event_id, causation, event_name, correlation, who, trace_parent, trace_state, metadata, payload, place)
            ORDER BY n.place
            RETURNING position
        )
        SELECT (SELECT before FROM head) + $2, (SELECT max(position) FROM added)
        """;
}
