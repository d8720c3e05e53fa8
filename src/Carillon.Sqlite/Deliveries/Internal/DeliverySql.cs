using System.Globalization;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>The statements that write, lease and settle. Constants, with the states as they are numbered in DeliveryState; whatever varies is a parameter.</summary>
internal static class DeliverySql
{
    /// <summary>Writes nothing; takes the write lock and finds out whether the file can be written.</summary>
    internal const string TakeLock = "UPDATE carillon_schema SET version = version WHERE version < 1";

    /// <summary>How many deliveries <see cref="InsertMany"/> writes.</summary>
    internal const int Many = 10;

    internal const int InsertParameters = 15;

    /// <summary>A delivery of the default queue and priority, without a key, that may come any number of times: most are.</summary>
    internal const string Insert = InsertInto + "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";

    /// <summary>
    /// The same for several at once: AUTOINCREMENT writes down the last id once for each statement. The parameters have no numbers, since SQLite looks through all
    /// numbers that it has seen for each that it meets.
    /// </summary>
    internal static readonly string InsertMany =
        InsertInto + string.Join(", ", Enumerable.Repeat($"({string.Join(", ", Enumerable.Repeat('?', InsertParameters))})", Many));

    internal const string InsertAll =
        """
        INSERT INTO carillon_deliveries (
            state, due_at, token, attempt, owner, listener, event_id, event_name, event_version, created_at, correlation, causation,
            trace_parent, trace_state, payload, queue, priority, key_value, key_order, key_limit,
            unique_key, unique_until, unique_ends_at, unique_since, unique_held)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)
        """;

    /// <summary>
    /// Followed by <see cref="Lease"/> for each, in the same transaction. One UPDATE with RETURNING would give the rows in another order, and takes
    /// half as long again: it copies every payload once more.
    /// </summary>
    /// <summary>What waits in a queue and priority and is due.</summary>
    /// <param name="without">The number of listeners whose deliveries are left to others, from ?5 on.</param>
    internal static string ReadWaiting(int without) => without == 0 ? AllWaiting : DueColumns + " WHERE state < 2" + Without(without) + DueOrder;

    /// <summary>What was leased in a queue and priority, and is due again since its lease has ended.</summary>
    /// <param name="without">As in <see cref="ReadWaiting"/>.</param>
    internal static string ReadExpired(int without) => without == 0 ? AllExpired : DueColumns + " WHERE state = 2" + Without(without) + DueOrder;

    internal const string Lease = "UPDATE carillon_deliveries SET state = 2, due_at = ?4, token = ?2, attempt = ?3, owner = ?5 WHERE id = ?1";

    internal const string Extend =
        "UPDATE carillon_deliveries SET due_at = ?3 WHERE id = ?1 AND token = ?2 AND state = 2 RETURNING cancel_requested";

    /// <summary>A completed delivery that leaves nothing behind: nobody waits for its turn, nobody is kept away by it, no attempt of it is listed.</summary>
    internal const string RemovePlain =
        """
        DELETE FROM carillon_deliveries
        WHERE id = ?1 AND token = ?2 AND state = 2 AND key_value IS NULL AND unique_held = 0 AND failures = 0
        """;

    internal const string Remove = "DELETE FROM carillon_deliveries WHERE id = ?1";

    internal const string Find =
        """
        SELECT state, due_at, token, attempt, listener, key_value, key_order, key_limit, unique_key, unique_ends_at, unique_held,
            cancel_requested, failures, keep_until, error
        FROM carillon_deliveries
        WHERE id = ?1
        """;

    internal const string Save =
        """
        UPDATE carillon_deliveries
        SET state = ?2, due_at = ?3, attempt = ?4, behind = NULL, unique_held = ?5, cancel_requested = ?6, failures = ?7, keep_until = ?8, error = ?9
        WHERE id = ?1
        """;

    internal const string AddAttempt = "INSERT INTO carillon_attempts (delivery, number, at, error) VALUES (?1, ?2, ?3, ?4)";

    internal const string RemoveAttempts = "DELETE FROM carillon_attempts WHERE delivery = ?1";

    private const string InsertInto =
        """
        INSERT INTO carillon_deliveries (
            state, due_at, token, attempt, owner, listener, event_id, event_name, event_version, created_at, correlation, causation,
            trace_parent, trace_state, payload)
        VALUES
        """ + " ";

    private const string AllWaiting = DueColumns + " WHERE state < 2" + DueOrder;

    private const string AllExpired = DueColumns + " WHERE state = 2" + DueOrder;

    private const string DueColumns =
        """
        SELECT id, token + 1, attempt + 1, listener, event_id, event_name, event_version, created_at, correlation, causation,
            trace_parent, trace_state, payload, due_at, key_value, key_order, key_limit, unique_held = 1 AND unique_until = 0 AND unique_ends_at IS NULL,
            cancel_requested
        FROM carillon_deliveries
        """;

    private const string DueOrder = " AND queue = ?1 AND priority = ?2 AND due_at <= ?3 ORDER BY due_at, id LIMIT ?4";

    private static string Without(int count) => $" AND listener NOT IN ({string.Join(", ", Enumerable.Range(5, count).Select(place => string.Create(CultureInfo.InvariantCulture, $"?{place}")))})";
}
