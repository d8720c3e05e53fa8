using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>Reads on connections of its own, as many as there are readers at once: none waits for the writer or for another reader.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class SqliteReader(SqliteLocation location) : IDisposable
{
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _disposed;

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }

    /// <exception cref="Carillon.Deliveries.DeliveryStoreException">SQLite could not.</exception>
    internal TResult Read<TState, TResult>(string what, TState state, Func<SqliteSession, TState, TResult> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteDeliveryStore));
        SqliteSession? session = null;
        try
        {
            session = _idle.TryTake(out var idle) ? idle : location.OpenReader();
            var result = read(session, state);
            GiveBack(session);
            return result;
        }
        catch (Exception exception)
        {
            session?.Dispose();
            if (exception is SqliteException cause)
            {
                throw SqliteFault.Explain(what, location, cause);
            }

            throw;
        }
    }

    private void GiveBack(SqliteSession session)
    {
        _idle.Add(session);
        if (_disposed)
        {
            Dispose();
        }
    }
}
