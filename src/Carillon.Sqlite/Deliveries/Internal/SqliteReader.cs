using System.Collections.Concurrent;
using System.Diagnostics;
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

    /// <summary>
    /// Nobody who writes keeps a reader waiting, but whoever opens or closes the file does for a moment: while it brings the log of a process that was killed in order, or
    /// takes the log with it as the last one. What is read then is read again.
    /// </summary>
    /// <exception cref="Carillon.Deliveries.DeliveryStoreException">SQLite could not.</exception>
    internal TResult Read<TState, TResult>(string what, TState state, Func<SqliteSession, TState, TResult> read)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return ReadOnce(state, read);
            }
            catch (SqliteException locked) when (SqliteFault.IsBusy(locked) && Stopwatch.GetElapsedTime(begun) < location.BusyTimeout)
            {
                SqliteStatement.Rest();
            }
            catch (SqliteException cause)
            {
                throw SqliteFault.Explain(what, location, cause);
            }
        }
    }

    private TResult ReadOnce<TState, TResult>(TState state, Func<SqliteSession, TState, TResult> read)
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
        catch
        {
            session?.Dispose();
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
