namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>The statements of the sweep, of queues and of the inbox.</summary>
internal static class ManagingSql
{
    internal const string NeedsSweep =
        """
        SELECT EXISTS (SELECT 1 FROM carillon_deliveries WHERE state >= 3 AND state = 5)
            OR EXISTS (SELECT 1 FROM carillon_deliveries WHERE keep_until <= ?1)
            OR EXISTS (SELECT 1 FROM carillon_inbox WHERE keep_until <= ?1)
            OR EXISTS (SELECT 1 FROM carillon_sagas WHERE keep_until <= ?1)
        """;

    internal const string ReadUnknownNames = "SELECT DISTINCT event_name, listener FROM carillon_deliveries WHERE state >= 3 AND state = 5";

    internal const string Unpark =
        """
        UPDATE carillon_deliveries SET state = 1, due_at = ?3, error = NULL
        WHERE state >= 3 AND state = 5 AND event_name = ?1 AND listener = ?2
        """;

    internal const string ReadKept = "SELECT id, failures, key_value IS NOT NULL FROM carillon_deliveries WHERE keep_until <= ?1 AND state >= 3 LIMIT ?2";

    internal const string RemoveSeen =
        """
        DELETE FROM carillon_inbox
        WHERE (consumer, message_id) IN (SELECT consumer, message_id FROM carillon_inbox WHERE keep_until <= ?1 LIMIT ?2)
        """;

    /// <summary>A note that need not be kept any longer does not count: it becomes the new one.</summary>
    internal const string RecordSeen =
        """
        INSERT INTO carillon_inbox (consumer, message_id, keep_until) VALUES (?1, ?2, ?4)
        ON CONFLICT (consumer, message_id) DO UPDATE SET keep_until = excluded.keep_until WHERE carillon_inbox.keep_until <= ?3
        """;

    internal const string IsSeen = "SELECT EXISTS (SELECT 1 FROM carillon_inbox WHERE consumer = ?1 AND message_id = ?2 AND keep_until > ?3)";

    internal const string Forget = "DELETE FROM carillon_inbox WHERE consumer = ?1 AND message_id = ?2";

    internal const string Pause = "INSERT INTO carillon_paused_queues (queue, paused_at) VALUES (?1, ?2) ON CONFLICT (queue) DO NOTHING";

    internal const string Resume = "DELETE FROM carillon_paused_queues WHERE queue = ?1";

    internal const string IsPaused = "SELECT EXISTS (SELECT 1 FROM carillon_paused_queues WHERE queue = ?1)";

    internal const string ListPaused = "SELECT queue, paused_at FROM carillon_paused_queues";

    /// <summary>Of one queue and priority, so many at the most.</summary>
    internal const string CountWaiting =
        "SELECT COUNT(*) FROM (SELECT 1 FROM carillon_deliveries WHERE state < 2 AND queue = ?1 AND priority = ?2 AND due_at <= ?3 LIMIT ?4)";

    internal const string OldestWaiting =
        "SELECT due_at FROM carillon_deliveries WHERE state < 2 AND queue = ?1 AND priority = ?2 AND due_at <= ?3 ORDER BY due_at LIMIT 1";

    internal const string CountRunning = "SELECT COUNT(*) FROM (SELECT 1 FROM carillon_deliveries WHERE state = 2 AND queue = ?1 AND priority = ?2 LIMIT ?3)";

    internal const string CountLeased = "SELECT COUNT(*) FROM carillon_deliveries WHERE state = 2 AND queue = ?1 AND due_at > ?2";

    /// <summary>The priorities of queues are found one after the other: each search skips all that wait with the one before.</summary>
    internal const string NextWaitingPriority =
        "SELECT queue, priority FROM carillon_deliveries WHERE state < 2 AND (queue, priority) > (?1, ?2) ORDER BY queue, priority LIMIT 1";

    internal const string NextLeasedPriority =
        "SELECT queue, priority FROM carillon_deliveries WHERE state = 2 AND (queue, priority) > (?1, ?2) ORDER BY queue, priority LIMIT 1";

    internal const string NextWaiting =
        "SELECT due_at FROM carillon_deliveries WHERE state < 2 AND queue = ?1 AND priority = ?2 AND due_at > ?3 ORDER BY due_at LIMIT 1";

    internal const string NextLeased =
        "SELECT due_at FROM carillon_deliveries WHERE state = 2 AND queue = ?1 AND priority = ?2 AND due_at > ?3 ORDER BY due_at LIMIT 1";

    /// <summary>The highest priority below ?2 that somebody in the queue has.</summary>
    internal const string NextPriority =
        """
        SELECT MAX(priority) FROM (
            SELECT * FROM (
                SELECT priority FROM carillon_deliveries WHERE state < 2 AND queue = ?1 AND priority < ?2 ORDER BY priority DESC LIMIT 1)
            UNION ALL
            SELECT * FROM (
                SELECT priority FROM carillon_deliveries WHERE state = 2 AND queue = ?1 AND priority < ?2 ORDER BY priority DESC LIMIT 1))
        """;

    internal const string IsAnyDue =
        """
        SELECT EXISTS (SELECT 1 FROM carillon_deliveries WHERE state < 2 AND queue = ?1 AND priority = ?2 AND due_at <= ?3)
            OR EXISTS (SELECT 1 FROM carillon_deliveries WHERE state = 2 AND queue = ?1 AND priority = ?2 AND due_at <= ?3)
        """;
}
