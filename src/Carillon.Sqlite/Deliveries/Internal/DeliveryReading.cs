using Carillon.Deliveries;
using Carillon.Envelopes;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>What reads the tables and changes nothing.</summary>
internal static class DeliveryReading
{
    internal static bool NeedsSweep(SqliteSession session, DateTimeOffset now) => session.Statement(ManagingSql.NeedsSweep).Bind(1, now).ReadLong() == 1;

    internal static IReadOnlyDictionary<DeliveryState, long> Count(SqliteSession session, DateTimeOffset now)
    {
        var counts = new Dictionary<DeliveryState, long>();
        var statement = session.Statement(ReadingSql.Count).Bind(1, now);
        while (statement.Step())
        {
            counts.Add((DeliveryState)statement.GetInt(0), statement.GetLong(1));
        }

        return counts;
    }

    internal static IReadOnlyList<DeliverySnapshot> List(SqliteSession session, (DeliveryQuery Query, DateTimeOffset Now) page)
    {
        var (query, now) = page;
        var statement = session.Statement(ReadingSql.List(query))
            .Bind(1, now)
            .Bind(2, query.AfterId ?? (query.OldestFirst ? long.MinValue : long.MaxValue))
            .Bind(3, query.PageSize);
        BindFilter(statement, query);
        var snapshots = new List<DeliverySnapshot>();
        while (statement.Step())
        {
            snapshots.Add(ReadSnapshot(statement));
        }

        return snapshots;
    }

    internal static DeliveryDetails? Find(SqliteSession session, (long Id, DateTimeOffset Now) wanted)
    {
        // One snapshot for both statements: the delivery must not be settled in between.
        session.Execute("BEGIN");
        try
        {
            var row = session.Statement(ReadingSql.Find).Bind(1, wanted.Now).Bind(2, wanted.Id);
            if (!row.Step())
            {
                return null;
            }

            var (snapshot, envelope) = (ReadSnapshot(row), ReadEnvelope(row));
            row.Reset();
            return new DeliveryDetails(snapshot, envelope, ReadAttempts(session, wanted.Id));
        }
        finally
        {
            session.RollBack();
        }
    }

    // What is not asked for is not in the statement.
    private static void BindFilter(SqliteStatement statement, DeliveryQuery query)
    {
        Bind(4, query.State is { } state ? (long)state : null);
        BindText(5, query.Queue);
        BindText(6, query.ListenerId);
        BindText(7, query.EventName);
        if (query.EventId is { } eventId)
        {
            statement.Bind(8, eventId);
        }

        BindText(9, query.Key);
        BindText(10, query.UniqueKey);
        Bind(11, query.CreatedFrom is { } from ? UnixTicks.From(from) : null);
        Bind(12, query.CreatedBefore is { } before ? UnixTicks.From(before) : null);
        BindText(13, query.Text);

        void Bind(int index, long? value)
        {
            if (value is { } some)
            {
                statement.Bind(index, some);
            }
        }

        void BindText(int index, string? value)
        {
            if (value is not null)
            {
                statement.Bind(index, value);
            }
        }
    }

    private static List<DeliveryAttempt> ReadAttempts(SqliteSession session, long id)
    {
        var attempts = new List<DeliveryAttempt>();
        var statement = session.Statement(ReadingSql.ListAttempts).Bind(1, id);
        while (statement.Step())
        {
            attempts.Add(new DeliveryAttempt(statement.GetInt(0), statement.GetTime(1), statement.GetString(2)));
        }

        return attempts;
    }

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
        Queue = row.GetString(11),
        Priority = (DeliveryPriority)row.GetInt(12),
        Key = row.GetNullableString(13),
        Behind = row.GetNullableLong(14),
        UniqueKey = row.GetNullableString(15),
        IsCancelRequested = row.GetInt(16) != 0,
    };

    private static Envelope ReadEnvelope(SqliteStatement row) => new()
    {
        Id = row.GetGuid(2),
        EventName = row.GetString(3),
        EventVersion = row.GetInt(17),
        Time = row.GetTime(6),
        CorrelationId = row.GetString(10),
        CausationId = row.GetNullableGuid(18),
        TraceParent = row.GetNullableString(19),
        TraceState = row.GetNullableString(20),
        Payload = row.GetBytes(21),
    };
}
