namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>The statements about those that share a listener and a key.</summary>
internal static class TurnSql
{
    /// <summary>
    /// The first that keeps an ordered delivery from its turn: one before it that is not settled, or any that is leased at ?4. A search for each state, so
    /// that however many wait, one row of each is looked at.
    /// </summary>
    internal const string FindBefore =
        "SELECT MIN(id) FROM (SELECT MIN(id) AS id" + Others + " AND state = 0 AND id < ?3 UNION ALL SELECT MIN(id)" + Others
        + " AND state = 1 AND id < ?3 UNION ALL SELECT MIN(id)" + Others + " AND state = 5 AND id < ?3 UNION ALL SELECT MIN(id)" + Others
        + " AND state = 2 AND id <> ?3 AND (id < ?3 OR due_at > ?4))";

    /// <summary>The first before it that has failed.</summary>
    internal const string FindFailedBefore = "SELECT MIN(id)" + Others + " AND state = 4 AND id < ?3";

    /// <summary>The one among those leased at ?4 with which the number ?5 + 1 is reached.</summary>
    internal const string FindLeased =
        "SELECT id" + Others + " AND state = 2 AND id <> ?3 AND due_at > ?4 ORDER BY id LIMIT 1 OFFSET ?5";

    internal const string Park = "UPDATE carillon_deliveries SET state = 5, behind = ?2 WHERE id = ?1";

    internal const string FindNext =
        "SELECT id FROM carillon_deliveries WHERE behind IS NOT NULL AND listener = ?1 AND key_value = ?2 AND state = 5 ORDER BY id LIMIT 1";

    internal const string MakeReady = "UPDATE carillon_deliveries SET state = 1, due_at = ?2, behind = NULL WHERE id = ?1";

    /// <summary>The two conditions are those of the index.</summary>
    private const string Others =
        " FROM carillon_deliveries WHERE key_value IS NOT NULL AND state <> 3 AND state < 6 AND listener = ?1 AND key_value = ?2";
}
