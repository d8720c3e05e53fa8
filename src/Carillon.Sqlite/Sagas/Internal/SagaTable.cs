using Carillon.Sagas;
using Carillon.Sqlite.Deliveries.Internal;

namespace Carillon.Sqlite.Sagas.Internal;

/// <summary>Sagas and their histories.</summary>
internal static class SagaTable
{
    internal static FoundSaga? Find(SqliteSession session, (string Saga, string Key, string Step, Guid EventId) sought)
    {
        var statement = session.Statement(SagaSql.Find).Bind(1, sought.Saga).Bind(2, sought.Key).Bind(3, sought.Step).Bind(4, sought.EventId);
        if (!statement.Step())
        {
            return null;
        }

        var found = new FoundSaga(Read(statement), statement.GetLong(11) == 1);
        statement.Reset();
        return found;
    }

    /// <summary>To be called inside a transaction that has the write lock.</summary>
    internal static bool Save(SqliteSession session, (SagaInstance Instance, SagaEntry Entry) save)
    {
        var (saga, entry) = save;
        var statement = session.Statement(saga.Version == 1 ? SagaSql.Insert : SagaSql.Update)
            .Bind(1, saga.Saga)
            .Bind(2, saga.Key)
            .Bind(3, (long)saga.Status)
            .Bind(4, saga.Version)
            .Bind(5, (long)saga.StateVersion)
            .Bind(6, saga.State.Span)
            .Bind(7, saga.Progress.Span)
            .Bind(8, saga.Reason)
            .Bind(9, saga.StartedAt)
            .Bind(10, saga.UpdatedAt)
            .Bind(11, saga.KeepUntil);
        if (statement.Execute() == 0)
        {
            return false;
        }

        session.Statement(SagaSql.AddEntry)
            .Bind(1, saga.Saga)
            .Bind(2, saga.Key)
            .Bind(3, entry.Version)
            .Bind(4, (long)entry.Status)
            .Bind(5, entry.At)
            .Bind(6, entry.Step)
            .Bind(7, entry.EventName)
            .Bind(8, entry.EventId)
            .Execute();
        return true;
    }

    internal static IReadOnlyList<SagaInstance> List(SqliteSession session, SagaQuery query)
    {
        // The place of one is known by its name and key; a condition that may be absent would have the table read for it.
        var statement = query is { Saga: { } saga, Key: { } key, Status: null, UpdatedBefore: null, After: null }
            ? session.Statement(SagaSql.FindOne).Bind(1, saga).Bind(2, key)
            : session.Statement(SagaSql.List)
                .Bind(1, query.After?.Saga ?? query.Saga ?? string.Empty)
                .Bind(2, query.After?.Key ?? string.Empty)
                .Bind(3, query.Saga)
                .Bind(4, query.Key)
                .Bind(5, (long?)query.Status)
                .Bind(6, query.UpdatedBefore)
                .Bind(7, query.PageSize);
        var instances = new List<SagaInstance>();
        while (statement.Step())
        {
            instances.Add(Read(statement));
        }

        return instances;
    }

    internal static IReadOnlyList<SagaEntry> ListEntries(SqliteSession session, (string Saga, string Key) sought)
    {
        var statement = session.Statement(SagaSql.ListEntries).Bind(1, sought.Saga).Bind(2, sought.Key);
        var entries = new List<SagaEntry>();
        while (statement.Step())
        {
            entries.Add(new SagaEntry(
                statement.GetLong(0), statement.GetTime(1), statement.GetString(2), statement.GetString(3), statement.GetGuid(4), (SagaStatus)statement.GetInt(5)));
        }

        return entries;
    }

    internal static IReadOnlyDictionary<SagaStatus, long> Count(SqliteSession session, string? saga)
    {
        var counts = new Dictionary<SagaStatus, long>();
        var statement = session.Statement(SagaSql.Count).Bind(1, saga);
        while (statement.Step())
        {
            counts.Add((SagaStatus)statement.GetInt(0), statement.GetLong(1));
        }

        return counts;
    }

    /// <summary>Removes some of those that were kept long enough. To be called inside a transaction that has the write lock.</summary>
    /// <returns>How many.</returns>
    internal static int RemoveKept(SqliteSession session, DateTimeOffset now, int most)
    {
        var kept = session.Statement(SagaSql.ReadKept).Bind(1, now).Bind(2, most);
        var over = new List<(string Saga, string Key)>();
        while (kept.Step())
        {
            over.Add((kept.GetString(0), kept.GetString(1)));
        }

        foreach (var (saga, key) in over)
        {
            session.Statement(SagaSql.RemoveEntries).Bind(1, saga).Bind(2, key).Execute();
            session.Statement(SagaSql.Remove).Bind(1, saga).Bind(2, key).Execute();
        }

        return over.Count;
    }

    private static SagaInstance Read(SqliteStatement row) => new()
    {
        Saga = row.GetString(0),
        Key = row.GetString(1),
        Status = (SagaStatus)row.GetInt(2),
        Version = row.GetLong(3),
        StateVersion = row.GetInt(4),
        State = row.GetBytes(5),
        Progress = row.GetBytes(6),
        Reason = row.GetNullableString(7),
        StartedAt = row.GetTime(8),
        UpdatedAt = row.GetTime(9),
        KeepUntil = row.GetNullableTime(10),
    };
}
