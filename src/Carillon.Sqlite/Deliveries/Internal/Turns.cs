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

    /// <summary>
    /// Makes those ready that nothing blocks any more, now that a delivery of their key has changed. They are asked for anew, since which one was behind which says
    /// little: one that is retried by a person is behind a later one, and that one, once it comes again, behind the first.
    /// </summary>
    internal static void PassOn(SqliteSession session, DeliveryRow row, DateTimeOffset now)
    {
        if (row.Key is { } key)
        {
            PassOn(session, row.ListenerId, key, now);
        }
    }

    /// <inheritdoc cref="PassOn(SqliteSession, DeliveryRow, DateTimeOffset)"/>
    internal static void PassOn(SqliteSession session, string listenerId, KeyOfRow key, DateTimeOffset now)
    {
        PassOnInOrder(session, listenerId, key.Value, now);
        PassOnLimited(session, listenerId, key.Value, now);
    }

    private static void PassOnInOrder(SqliteSession session, string listenerId, string key, DateTimeOffset now)
    {
        var next = session.Statement(TurnSql.NextInOrder).Bind(1, listenerId).Bind(2, key);
        if (!next.Step())
        {
            return;
        }

        var (id, order) = (next.GetLong(0), next.GetInt(1));
        next.Reset();
        if (FindBlocker(session, id, listenerId, new KeyOfRow(key, order, 1), now) is null)
        {
            Unpark(session, id, now);
        }
    }

    private static void PassOnLimited(SqliteSession session, string listenerId, string key, DateTimeOffset now)
    {
        long? running = null;
        for (var next = session.Statement(TurnSql.NextLimited); next.Bind(1, listenerId).Bind(2, key).Step();)
        {
            var (id, limit) = (next.GetLong(0), Math.Max(1, next.GetInt(1)));
            next.Reset();
            running ??= session.Statement(TurnSql.CountLeased).Bind(1, listenerId).Bind(2, key).Bind(3, now).ReadLong();
            if (running++ >= limit)
            {
                return;
            }

            Unpark(session, id, now);
        }
    }

    private static void Unpark(SqliteSession session, long id, DateTimeOffset now) => session.Statement(TurnSql.Unpark).Bind(1, id).Bind(2, now).Step();
}
