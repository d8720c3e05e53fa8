using Carillon.Deliveries;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>The statements that look at deliveries. Those of a list are put together from constants: which, the query says; its values are parameters.</summary>
internal static class ReadingSql
{
    internal const string Count =
        """
        SELECT shown, SUM(number) FROM (
            SELECT CASE WHEN state = 0 AND due_at <= ?1 THEN 1 ELSE state END AS shown, COUNT(*) AS number
            FROM carillon_deliveries INDEXED BY carillon_deliveries_waiting WHERE state < 2 GROUP BY shown
            UNION ALL
            SELECT 2, COUNT(*) FROM carillon_deliveries WHERE state = 2
            UNION ALL
            SELECT CASE state WHEN 8 THEN 5 ELSE state END AS shown, COUNT(*) FROM carillon_deliveries WHERE state >= 3 GROUP BY shown)
        GROUP BY shown
        HAVING SUM(number) > 0
        """;

    internal const string Find =
        """
        SELECT id, CASE WHEN state = 0 AND due_at <= ?1 THEN 1 WHEN state = 8 THEN 5 ELSE state END, event_id, event_name, listener, attempt, created_at, due_at,
            owner, error, correlation, queue, priority, key_value, behind, CASE WHEN unique_held = 1 THEN unique_key END, cancel_requested,
            event_version, causation, trace_parent, trace_state, payload
        FROM carillon_deliveries
        WHERE id = ?2
        """;

    internal const string ListAttempts = "SELECT number, at, error FROM carillon_attempts WHERE delivery = ?1 ORDER BY id";

    private const string Snapshot =
        """
        SELECT id, CASE WHEN state = 0 AND due_at <= ?1 THEN 1 WHEN state = 8 THEN 5 ELSE state END, event_id, event_name, listener, attempt, created_at, due_at,
            owner, error, correlation, queue, priority, key_value, behind, CASE WHEN unique_held = 1 THEN unique_key END, cancel_requested
        FROM carillon_deliveries
        """;

    /// <summary>
    /// Finds the ids of the page in the index of what can be leased, which holds no payloads, and reads the rows of those only. SQLite by
    /// itself walks the table by id, past every payload until it has found enough.
    /// </summary>
    private const string AmongWaiting =
        """
         WHERE id IN (
            SELECT id FROM carillon_deliveries INDEXED BY carillon_deliveries_waiting
            WHERE state < 2 AND CASE WHEN state = 0 AND due_at <= ?1 THEN 1 ELSE state END = ?4
        """;

    private const string AmongParked =
        """
         WHERE id IN (
            SELECT id FROM carillon_deliveries INDEXED BY carillon_deliveries_settled
            WHERE state >= 3 AND state IN (?4, 8)
        """;

    private const string AmongLeased =
        """
         WHERE id IN (
            SELECT id FROM carillon_deliveries INDEXED BY carillon_deliveries_leased
            WHERE state = 2 AND state = ?4
        """;

    private const string AmongTicks =
        """
         WHERE id IN (
            SELECT id FROM carillon_deliveries INDEXED BY carillon_deliveries_ticks
            WHERE event_name = 'carillon.tick'
        """;

    // Carillon's own name for what waits for the next time of a schedule; there is an index of no other event.
    private const string Tick = "carillon.tick";

    internal static string List(DeliveryQuery query)
    {
        var source = query.State switch
        {
            null when query.EventName == Tick => AmongTicks,
            null when query.UniqueKey is not null => " WHERE unique_held = 1",
            null => " WHERE 1",
            DeliveryState.Scheduled or DeliveryState.Ready => AmongWaiting,
            DeliveryState.Leased => AmongLeased,
            DeliveryState.Parked => AmongParked,
            _ => " WHERE state >= 3 AND state = ?4",
        };
        var order = query.OldestFirst ? " ORDER BY id LIMIT ?3" : " ORDER BY id DESC LIMIT ?3";
        var isNested = source is AmongTicks or AmongWaiting or AmongLeased or AmongParked;
        return string.Concat(
        [
            Snapshot,
            source,
            query.OldestFirst ? " AND id > ?2" : " AND id < ?2",
            query.Queue is null ? "" : " AND queue = ?5",
            query.ListenerId is null ? "" : " AND listener = ?6",
            query.EventName is null ? "" : " AND event_name = ?7",
            query.EventId is null ? "" : " AND event_id = ?8",
            query.Key is null ? "" : " AND key_value = ?9",
            query.UniqueKey is null ? "" : " AND unique_held = 1 AND unique_key = ?10",
            query.CreatedFrom is null ? "" : " AND created_at >= ?11",
            query.CreatedBefore is null ? "" : " AND created_at < ?12",
            query.Text is null ? "" : " AND (instr(lower(error), lower(?13)) OR instr(lower(CAST(payload AS TEXT)), lower(?13)))",
            order,
            isNested ? query.OldestFirst ? ") ORDER BY id" : ") ORDER BY id DESC" : "",
        ]);
    }
}
