using Carillon.Sqlite.Deliveries.Internal;

namespace Carillon.Sqlite.Inbox.Internal;

/// <summary>Which messages each consumer has seen.</summary>
internal static class InboxTable
{
    /// <summary>To be called inside a transaction that has the write lock.</summary>
    /// <returns>Whether the consumer sees it for the first time.</returns>
    internal static bool TryRecord(SqliteSession session, (string Consumer, string MessageId, DateTimeOffset Now, DateTimeOffset KeepUntil) seen) =>
        session.Statement(ManagingSql.RecordSeen).Bind(1, seen.Consumer).Bind(2, seen.MessageId).Bind(3, seen.Now).Bind(4, seen.KeepUntil).Execute() > 0;

    internal static bool IsRecorded(SqliteSession session, (string Consumer, string MessageId, DateTimeOffset Now) seen) =>
        session.Statement(ManagingSql.IsSeen).Bind(1, seen.Consumer).Bind(2, seen.MessageId).Bind(3, seen.Now).ReadLong() == 1;

    /// <summary>To be called inside a transaction that has the write lock.</summary>
    /// <returns>Whether it was noted.</returns>
    internal static bool Forget(SqliteSession session, (string Consumer, string MessageId) seen) =>
        session.Statement(ManagingSql.Forget).Bind(1, seen.Consumer).Bind(2, seen.MessageId).Execute() > 0;
}
