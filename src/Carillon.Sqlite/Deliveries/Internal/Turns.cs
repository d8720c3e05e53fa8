using Carillon.Deliveries;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>Whose turn it is among the deliveries of one listener and key. Each method is to be called inside a transaction that has the write lock.</summary>
internal static class Turns
{
    /// <summary>The delivery that keeps this one from being leased now; null if it may be.</summary>
    internal static long? FindBlocker(SqliteSession session, long id, string listenerId, KeyOfRow key, DateTimeOffset now)
    {
        if (!key.IsOrdered)
        {
            return session.Statement(TurnSql.FindLeased)
                .Bind(1, listenerId).Bind(2, key.Value).Bind(3, id).Bind(4, now).Bind(5, key.Limit - 1)
                .ReadLong();
        }

        var before = session.Statement(TurnSql.FindBefore).Bind(1, listenerId).Bind(2, key.Value).Bind(3, id).Bind(4, now).ReadLong();
        var failed = key.SkipsFailed
            ? null
            : session.Statement(TurnSql.FindFailedBefore).Bind(1, listenerId).Bind(2, key.Value).Bind(3, id).ReadLong();
        return failed is null || before < failed ? before : failed;
    }

    internal static void Park(SqliteSession session, long id, long behind) =>
        session.Statement(TurnSql.Park).Bind(1, id).Bind(2, behind).Step();

    /// <summary>Makes the next ready, now that a delivery has changed its state.</summary>
    internal static void PassOn(SqliteSession session, DeliveryRow row, DateTimeOffset now)
    {
        if (row.Key is { } key
            && !(key.IsOrdered && IsInTheWay(row, key))
            && session.Statement(TurnSql.FindNext).Bind(1, row.ListenerId).Bind(2, key.Value).ReadLong() is { } next)
        {
            session.Statement(TurnSql.MakeReady).Bind(1, next).Bind(2, now).Step();
        }
    }

    private static bool IsInTheWay(DeliveryRow row, KeyOfRow key) => row.State switch
    {
        DeliveryState.Failed => !key.SkipsFailed,
        DeliveryState.Scheduled or DeliveryState.Ready or DeliveryState.Leased or DeliveryState.Parked => true,
        _ => false,
    };
}
