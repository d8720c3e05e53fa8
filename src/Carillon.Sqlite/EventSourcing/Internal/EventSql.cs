namespace Carillon.Sqlite.EventSourcing.Internal;

/// <summary>The statements of the event store. Constants; whatever varies is a parameter.</summary>
internal static class EventSql
{
    /// <summary>How many events <see cref="InsertMany"/> writes.</summary>
    internal const int Many = 10;

    internal const int Parameters = 13;

    internal const string FindVersion = "SELECT version FROM carillon_events WHERE stream = ?1 ORDER BY version DESC LIMIT 1";

    internal const string Insert = InsertInto + "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

    /// <summary>
    /// Several at once: AUTOINCREMENT writes down the last position once for each statement. The parameters have no numbers, since SQLite looks through all numbers that it
    /// has seen for each that it meets.
    /// </summary>
    internal static readonly string InsertMany =
        InsertInto + string.Join(", ", Enumerable.Repeat($"({string.Join(", ", Enumerable.Repeat('?', Parameters))})", Many));

    internal const string ReadForwards = Read + " WHERE stream = ?1 AND version >= ?2 ORDER BY version LIMIT ?3";

    internal const string ReadBackwards = Read + " WHERE stream = ?1 AND version <= ?2 ORDER BY version DESC LIMIT ?3";

    internal const string ReadAllForwards = Read + " WHERE position > ?1 AND position <= ?2 ORDER BY position LIMIT ?3";

    internal const string ReadAllBackwards = Read + " WHERE position > ?1 AND position <= ?2 ORDER BY position DESC LIMIT ?3";

    internal const string FindLast = "SELECT MAX(position) FROM carillon_events";

    internal const string SaveSnapshot =
        """
        INSERT INTO carillon_snapshots (stream, version, time, shape, state) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (stream) DO UPDATE SET version = excluded.version, time = excluded.time, shape = excluded.shape, state = excluded.state WHERE version <= excluded.version
        """;

    internal const string FindSnapshot = "SELECT version, time, shape, state FROM carillon_snapshots WHERE stream = ?1";

    private const string Read =
        """
        SELECT position, version, time, event_version, event_id, causation, stream, event_name, correlation, who, trace_parent, trace_state, metadata, payload
        FROM carillon_events
        """;

    private const string InsertInto =
        """
        INSERT INTO carillon_events (stream, version, time, event_id, event_name, event_version, correlation, causation, who, trace_parent, trace_state, metadata, payload)
        VALUES
        """;
}
