using Carillon.Envelopes;
using Carillon.EventSourcing;
using Carillon.Sqlite.Deliveries.Internal;

namespace Carillon.Sqlite.EventSourcing.Internal;

/// <summary>The table of events.</summary>
internal static class EventTable
{
    /// <summary>To be called inside a transaction that has the write lock.</summary>
    /// <exception cref="WrongExpectedVersionException">The stream is not what it has to be; nothing was written.</exception>
    internal static AppendResult Append(SqliteSession session, (string Stream, ExpectedVersion Expected, IReadOnlyList<NewEvent> Events) append)
    {
        var version = FindVersion(session, append.Stream);
        if (!append.Expected.Allows(version))
        {
            throw new WrongExpectedVersionException(append.Stream, append.Expected, version);
        }

        var (next, place) = (version + 1, 0);
        for (; append.Events.Count - place >= EventSql.Many; place += EventSql.Many)
        {
            var many = session.Statement(EventSql.InsertMany);
            for (var i = 0; i < EventSql.Many; i++)
            {
                Bind(many, i * EventSql.Parameters, append.Stream, next++, append.Events[place + i]);
            }

            many.Execute();
        }

        for (; place < append.Events.Count; place++)
        {
            var one = session.Statement(EventSql.Insert);
            Bind(one, 0, append.Stream, next++, append.Events[place]);
            one.Execute();
        }

        return new AppendResult(next - 1, session.LastId);
    }

    internal static long FindVersion(SqliteSession session, string stream) => session.Statement(EventSql.FindVersion).Bind(1, stream).ReadLong() ?? 0;

    internal static IReadOnlyList<StoredEvent> Read(SqliteSession session, StreamRead read) =>
        ReadRows(session
            .Statement(read.Direction == ReadDirection.Forwards ? EventSql.ReadForwards : EventSql.ReadBackwards)
            .Bind(1, read.Stream).Bind(2, read.From).Bind(3, (long)read.MaxCount));

    internal static IReadOnlyList<StoredEvent> ReadAll(SqliteSession session, (long After, long UpTo, ReadDirection Direction, int MaxCount) read) =>
        ReadRows(session
            .Statement(read.Direction == ReadDirection.Forwards ? EventSql.ReadAllForwards : EventSql.ReadAllBackwards)
            .Bind(1, read.After).Bind(2, read.UpTo).Bind(3, (long)read.MaxCount));

    internal static StoreEnd FindEnd(SqliteSession session)
    {
        var last = session.Statement(EventSql.FindLast).ReadLong() ?? 0;
        return new StoreEnd(last, last);
    }

    /// <summary>To be called inside a transaction that has the write lock.</summary>
    internal static int SaveSnapshot(SqliteSession session, StoredSnapshot snapshot) =>
        session.Statement(EventSql.SaveSnapshot)
            .Bind(1, snapshot.Stream).Bind(2, snapshot.Version).Bind(3, snapshot.Time).Bind(4, snapshot.Shape).Bind(5, snapshot.State.Span).Execute();

    internal static StoredSnapshot? FindSnapshot(SqliteSession session, string stream)
    {
        var row = session.Statement(EventSql.FindSnapshot).Bind(1, stream);
        if (!row.Step())
        {
            return null;
        }

        var snapshot = new StoredSnapshot { Stream = stream, Version = row.GetLong(0), Time = row.GetTime(1), Shape = row.GetString(2), State = row.GetBytes(3) };
        row.Reset();
        return snapshot;
    }

    private static void Bind(SqliteStatement insert, int before, string stream, long version, NewEvent each)
    {
        var envelope = each.Envelope;
        insert.Bind(before + 1, stream)
            .Bind(before + 2, version)
            .Bind(before + 3, envelope.Time)
            .Bind(before + 4, envelope.Id)
            .Bind(before + 5, envelope.EventName)
            .Bind(before + 6, (long)envelope.EventVersion)
            .Bind(before + 7, envelope.CorrelationId)
            .Bind(before + 8, envelope.CausationId)
            .Bind(before + 9, each.Who)
            .Bind(before + 10, envelope.TraceParent)
            .Bind(before + 11, envelope.TraceState)
            .Bind(before + 12, each.Metadata)
            .Bind(before + 13, envelope.Payload.Span);
    }

    private static List<StoredEvent> ReadRows(SqliteStatement row)
    {
        var events = new List<StoredEvent>();
        while (row.Step())
        {
            events.Add(new StoredEvent
            {
                Position = row.GetLong(0),
                Version = row.GetLong(1),
                Stream = row.GetString(6),
                Who = row.GetNullableString(9),
                Metadata = row.GetNullableString(12),
                Envelope = new Envelope
                {
                    Id = row.GetGuid(4),
                    EventName = row.GetString(7),
                    EventVersion = row.GetInt(3),
                    Time = row.GetTime(2),
                    CorrelationId = row.GetString(8),
                    CausationId = row.GetNullableGuid(5),
                    TraceParent = row.GetNullableString(10),
                    TraceState = row.GetNullableString(11),
                    Payload = row.GetBytes(13),
                },
            });
        }

        return events;
    }
}
