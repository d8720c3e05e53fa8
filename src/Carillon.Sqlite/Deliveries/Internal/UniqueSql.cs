namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>The statements about unique keys.</summary>
internal static class UniqueSql
{
    internal const string FindHolder =
        "SELECT id, state, attempt, unique_ends_at, unique_since FROM carillon_deliveries WHERE unique_held = 1 AND unique_key = ?1";

    internal const string Release = "UPDATE carillon_deliveries SET unique_held = 0 WHERE id = ?1";

    /// <summary>One that waits for its turn is parked anew when it is due and still has to wait.</summary>
    internal const string ReplaceEvent = "UPDATE carillon_deliveries SET state = ?2, due_at = ?3, behind = NULL, " + Event;

    /// <summary>One that waits for its name has no due time, and one that has failed keeps that of its next attempt: only its event changes.</summary>
    internal const string ReplaceEventAlone = "UPDATE carillon_deliveries SET " + Event;

    private const string Event =
        """
        event_id = ?4, event_name = ?5, event_version = ?6, created_at = ?7, correlation = ?8, causation = ?9,
            trace_parent = ?10, trace_state = ?11, payload = ?12
        WHERE id = ?1
        """;
}
