using System.Data.Common;
using Carillon.Sqlite.Deliveries.Internal;

namespace Carillon.Sqlite.EventSourcing.Internal;

/// <summary>Writes and reads either in the application's transaction or in one of the store's own.</summary>
/// <param name="location">Where the database is.</param>
/// <param name="open">The connections of the store; throws if it is not prepared.</param>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class StoreCalls(SqliteLocation location, Func<(SqliteWriter Writer, SqliteReader Reader)> open)
{
    internal string Description => location.Description;

    /// <summary>All or nothing of it.</summary>
    internal ValueTask<TResult> WriteAsync<TState, TResult>(
        DbTransaction? transaction, TState state, Func<SqliteSession, TState, TResult> write, Func<TState, string> what, CancellationToken cancellationToken)
    {
        if (transaction is null)
        {
            return new(open().Writer.WriteAsync(state, write, what, cancellationToken));
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new(SqliteTransactions.Write(
            transaction, state, reads: true, what, (session, given) => SqliteTransactions.AllOrNone(session, given, write), location));
    }

    /// <summary>In the transaction, which sees what it has written itself; or what is committed.</summary>
    internal ValueTask<TResult> ReadAsync<TState, TResult>(
        DbTransaction? transaction, TState state, Func<SqliteSession, TState, TResult> read, string what, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(transaction is null ? open().Reader.Read(what, state, read) : SqliteTransactions.Read(transaction, state, what, read, location));
    }
}
