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
        + " AND state = 8 AND id < ?3 UNION ALL SELECT MIN(id)" + Others + " AND state = 2 AND id <> ?3 AND (id < ?3 OR due_at > ?4))";

    /// <summary>The first before it that has failed.</summary>
    internal const string FindFailedBefore = "SELECT MIN(id)" + Others + " AND state = 4 AND id < ?3";

    /// <summary>The one among those leased at ?4 with which the number ?5 + 1 is reached.</summary>
    internal const string FindLeased = "SELECT id" + Others + " AND state = 2 AND id <> ?3 AND due_at > ?4 ORDER BY id LIMIT 1 OFFSET ?5";

    internal const string CountLeased = "SELECT COUNT(*)" + Others + " AND state = 2 AND due_at > ?3";

    internal const string Park = "UPDATE carillon_deliveries SET state = 8, behind = ?2 WHERE id = ?1";

    internal const string NextInOrder = "SELECT id, key_order" + Others + " AND state = 8 AND key_order > 0 ORDER BY id LIMIT 1";

    /// <summary>In the order in which they would be leased.</summary>
    internal const string NextLimited =
        """
        SELECT id, key_limit FROM carillon_deliveries
        WHERE state = 8 AND key_order = 0 AND listener = ?1 AND key_value = ?2
        ORDER BY priority DESC, due_at, id
        LIMIT 1
        """;

    /// <summary>With the due time that it had: it has waited since then, and whoever came later does not overtake it.</summary>
    internal const string Unpark =
        "UPDATE carillon_deliveries SET state = CASE WHEN due_at <= ?2 THEN 1 ELSE 0 END, behind = NULL WHERE id = ?1";

    /// <summary>The conditions on the state are those of the index.</summary>
    private const string Others =
        " FROM carillon_deliveries WHERE key_value IS NOT NULL AND state <> 3 AND state <> 6 AND state <> 7 AND listener = ?1 AND key_value = ?2";
}
