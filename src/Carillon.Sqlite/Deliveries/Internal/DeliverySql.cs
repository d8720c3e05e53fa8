namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>The statements. Constants, with the states as they are numbered in DeliveryState; whatever varies is a parameter.</summary>
internal static class DeliverySql
{
    /// <summary>Writes nothing; takes the write lock and finds out whether the file can be written.</summary>
    internal const string TakeLock = "UPDATE carillon_schema SET version = version WHERE version < 1";

    internal const string Insert =
        """
        INSERT INTO carillon_deliveries (
            state, due_at, token, attempt, owner, listener, event_id, event_name, event_version, created_at, correlation, causation,
            trace_parent, trace_state, payload)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        """;

    /// <summary>
    /// Followed by <see cref="Lease"/> for each, in the same transaction. One UPDATE with RETURNING would give the rows in another order, and takes
    /// half as long again: it copies every payload once more.
    /// </summary>
    internal const string ReadDue =
        """
        SELECT id, token + 1, attempt + 1, listener, event_id, event_name, event_version, created_at, correlation, causation,
            trace_parent, trace_state, payload
        FROM carillon_deliveries
        WHERE state < 3 AND due_at <= ?1
        ORDER BY due_at, id
        LIMIT ?2
        """;

    internal const string Lease = "UPDATE carillon_deliveries SET state = 2, due_at = ?4, token = ?2, attempt = ?3, owner = ?5 WHERE id = ?1";

    internal const string Extend = "UPDATE carillon_deliveries SET due_at = ?3 WHERE id = ?1 AND token = ?2 AND state = 2";

    internal const string Remove = "DELETE FROM carillon_deliveries WHERE id = ?1 AND token = ?2 AND state = 2";

    /// <summary>?6 is how many attempts are given back, ?7 whether the reason of the attempt before stays.</summary>
    internal const string Settle =
        """
        UPDATE carillon_deliveries
        SET state = ?3, due_at = ?4, keep_until = ?5, attempt = attempt - ?6, error = CASE WHEN ?7 THEN error ELSE ?8 END
        WHERE id = ?1 AND token = ?2 AND state = 2
        """;

    internal const string NeedsSweep =
        """
        SELECT EXISTS (SELECT 1 FROM carillon_deliveries WHERE state >= 3 AND state = 5)
            OR EXISTS (SELECT 1 FROM carillon_deliveries WHERE keep_until <= ?1)
        """;

    internal const string ReadParkedNames = "SELECT DISTINCT event_name, listener FROM carillon_deliveries WHERE state >= 3 AND state = 5";

    internal const string Unpark =
        """
        UPDATE carillon_deliveries SET state = 1, due_at = ?3, error = NULL
        WHERE state >= 3 AND state = 5 AND event_name = ?1 AND listener = ?2
        """;

    internal const string RemoveKept =
        "DELETE FROM carillon_deliveries WHERE id IN (SELECT id FROM carillon_deliveries WHERE keep_until <= ?1 LIMIT ?2)";

    internal const string Retry =
        "UPDATE carillon_deliveries SET state = 1, due_at = ?2, attempt = 0, error = NULL WHERE id = ?1 AND state IN (4, 5, 6)";

    internal const string Discard = "UPDATE carillon_deliveries SET state = 6, due_at = ?2 WHERE id = ?1 AND state IN (0, 1, 4, 5)";

    internal const string NextDue = "SELECT due_at FROM carillon_deliveries WHERE state < 3 ORDER BY due_at LIMIT 1";

    internal const string Count =
        """
        SELECT CASE WHEN state = 0 AND due_at <= ?1 THEN 1 ELSE state END AS shown, COUNT(*) FROM carillon_deliveries WHERE state < 3 GROUP BY shown
        UNION ALL
        SELECT state, COUNT(*) FROM carillon_deliveries WHERE state >= 3 GROUP BY state
        """;

    internal const string List = Snapshot + " WHERE id < ?2" + Filter;

    /// <summary>
    /// Finds the ids of the page in the index of what can be leased, which holds no payloads, and reads the rows of those only. SQLite by
    /// itself walks the table by id, past every payload until it has found enough.
    /// </summary>
    internal const string ListOpen =
        Snapshot
        + """
         WHERE id IN (
            SELECT id FROM carillon_deliveries INDEXED BY carillon_deliveries_open
            WHERE state < 3 AND CASE WHEN state = 0 AND due_at <= ?1 THEN 1 ELSE state END = ?6 AND id < ?2
        """
        + Filter
        + ") ORDER BY id DESC";

    internal const string ListSettled = Snapshot + " WHERE state >= 3 AND state = ?6 AND id < ?2" + Filter;

    private const string Snapshot =
        """
        SELECT id, CASE WHEN state = 0 AND due_at <= ?1 THEN 1 ELSE state END, event_id, event_name, listener, attempt, created_at, due_at,
            owner, error, correlation
        FROM carillon_deliveries
        """;

    private const string Filter = " AND (?3 IS NULL OR listener = ?3) AND (?4 IS NULL OR event_name = ?4) ORDER BY id DESC LIMIT ?5";
}
