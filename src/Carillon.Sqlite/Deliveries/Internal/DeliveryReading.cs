using Carillon.Deliveries;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>What reads the table and changes nothing.</summary>
internal static class DeliveryReading
{
    internal static DateTimeOffset? NextDue(SqliteSession session)
    {
        var statement = session.Statement(DeliverySql.NextDue);
        if (!statement.Step())
        {
            return null;
        }

        var due = statement.GetTime(0);
        statement.Reset();
        return due;
    }

    internal static bool NeedsSweep(SqliteSession session, DateTimeOffset now)
    {
        var statement = session.Statement(DeliverySql.NeedsSweep).Bind(1, now);
        statement.Step();
        var needed = statement.GetInt(0) != 0;
        statement.Reset();
        return needed;
    }

    internal static IReadOnlyDictionary<DeliveryState, long> Count(SqliteSession session, DateTimeOffset now)
    {
        var counts = new Dictionary<DeliveryState, long>();
        var statement = session.Statement(DeliverySql.Count).Bind(1, now);
        while (statement.Step())
        {
            counts.Add((DeliveryState)statement.GetInt(0), statement.GetLong(1));
        }

        return counts;
    }

    internal static IReadOnlyList<DeliverySnapshot> List(SqliteSession session, (DeliveryQuery Query, DateTimeOffset Now) page)
    {
        var (query, now) = page;
        var statement = session.Statement(Sql(query.State))
            .Bind(1, now)
            .Bind(2, query.BeforeId ?? long.MaxValue)
            .Bind(3, query.ListenerId)
            .Bind(4, query.EventName)
            .Bind(5, query.PageSize);
        if (query.State is { } state)
        {
            statement.Bind(6, (long)state);
        }

        var snapshots = new List<DeliverySnapshot>();
        while (statement.Step())
        {
            snapshots.Add(ReadSnapshot(statement));
        }

        return snapshots;
    }

    private static string Sql(DeliveryState? state) => state switch
    {
        null => DeliverySql.List,
        DeliveryState.Scheduled or DeliveryState.Ready or DeliveryState.Leased => DeliverySql.ListOpen,
        _ => DeliverySql.ListSettled,
    };

    private static DeliverySnapshot ReadSnapshot(SqliteStatement row) => new()
    {
        Id = row.GetLong(0),
        State = (DeliveryState)row.GetInt(1),
        EventId = row.GetGuid(2),
        EventName = row.GetString(3),
        ListenerId = row.GetString(4),
        Attempts = row.GetInt(5),
        CreatedAt = row.GetTime(6),
        DueAt = row.GetTime(7),
        Owner = row.GetNullableString(8),
        Error = row.GetNullableString(9),
        CorrelationId = row.GetString(10),
    };
}
