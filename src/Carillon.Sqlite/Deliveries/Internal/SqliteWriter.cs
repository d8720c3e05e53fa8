using Microsoft.Data.Sqlite;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>
/// Owns the only connection of this process's store that writes, and a thread. Whatever is waiting when the thread comes round is one
/// transaction, so that callers share the cost of a commit; it comes round again as soon as the last commit is done, without a timer.
/// </summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class SqliteWriter : IDisposable
{
    /// <summary>So many calls at the most share a transaction: the write lock is given to other processes in between.</summary>
    private const int MaxBatch = 1_000;

    private readonly SqliteLocation _location;
    private readonly WriteTurn _turn;
    private readonly Thread _thread;
    private readonly object _gate = new();

    // Under _gate.
    private readonly Queue<SqliteWrite> _waiting = new();
    private bool _stopping;

    // The thread's own.
    private readonly List<SqliteWrite> _batch = [];
    private SqliteSession? _session;

    internal SqliteWriter(SqliteLocation location, WriteTurn turn)
    {
        _location = location;
        _turn = turn;
        _thread = new Thread(Run) { IsBackground = true, Name = "Carillon SQLite writer" };
        _thread.Start();
    }

    /// <summary>Carries out what is waiting, then stops.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    /// <summary>Has a write carried out, together with others.</summary>
    /// <param name="state">Given to the two functions, which capture nothing.</param>
    /// <param name="execute">The write. Called a second time if it was rolled back because another one failed.</param>
    /// <param name="what">What it does, for messages.</param>
    /// <param name="cancellationToken">
    /// Cancels the write as long as it has not begun, also while the lock of the database is waited for. One that has begun is carried out.
    /// </param>
    internal Task<TResult> WriteAsync<TState, TResult>(
        TState state, Func<SqliteSession, TState, TResult> execute, Func<TState, string> what, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TResult>(cancellationToken);
        }

        var write = new SqliteWrite<TState, TResult>(state, execute, what);
        var completion = write.WaitAsync(cancellationToken);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(SqliteDeliveryStore));
            _waiting.Enqueue(write);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
            }
        }

        return completion;
    }

    private void Run()
    {
        while (WaitForWrites() is var waiting and > 0)
        {
            var isOurTurn = _turn.Take();
            try
            {
                // Whoever has waited for the turn in vain has had its time.
                Write(waiting, isOurTurn ? _location.BusyTimeout : TimeSpan.Zero);
            }
            finally
            {
                if (isOurTurn)
                {
                    _turn.End();
                }
            }
        }

        _session?.Dispose();
    }

    private void Write(int waiting, TimeSpan patience)
    {
        try
        {
            Session().BeginWrite(patience);
        }
        catch (Exception exception)
        {
            FailWaiting(waiting, exception);
            return;
        }

        // Only now that the lock is ours: until here each could be cancelled, and more have come.
        TakeBatch();
        CommitBatch();
        _batch.Clear();
    }

    /// <returns>How many are waiting; 0 when it is time to stop.</returns>
    private int WaitForWrites()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_stopping)
            {
                Monitor.Wait(_gate);
            }

            return _waiting.Count;
        }
    }

    private void TakeBatch()
    {
        lock (_gate)
        {
            while (_batch.Count < MaxBatch && _waiting.TryDequeue(out var write))
            {
                if (write.TryBegin())
                {
                    _batch.Add(write);
                }
            }
        }
    }

    /// <summary>Those that have come since then have not waited for their time and are tried again.</summary>
    private void FailWaiting(int waiting, Exception exception)
    {
        Recover(exception);
        lock (_gate)
        {
            for (; waiting > 0; waiting--)
            {
                if (_waiting.Dequeue() is var write && write.TryBegin())
                {
                    Fail(write, exception);
                }
            }
        }
    }

    private void CommitBatch()
    {
        try
        {
            foreach (var write in _batch)
            {
                write.Execute(_session!);
            }

            _session!.Execute("COMMIT");
        }
        catch (Exception exception)
        {
            Recover(exception);
            if (_batch.Count == 1)
            {
                Fail(_batch[0], exception);
            }
            else
            {
                // One of them is at fault; the others must not fail with it.
                _batch.ForEach(CommitAlone);
            }

            return;
        }

        foreach (var write in _batch)
        {
            write.Complete();
        }
    }

    private void CommitAlone(SqliteWrite write)
    {
        try
        {
            Session().BeginWrite(_location.BusyTimeout);
            write.Execute(_session!);
            _session!.Execute("COMMIT");
        }
        catch (Exception exception)
        {
            Recover(exception);
            Fail(write, exception);
            return;
        }

        write.Complete();
    }

    private SqliteSession Session() => _session ??= _location.OpenWriter();

    /// <summary>Ends the transaction that failed; a connection that is broken is opened anew for the next one.</summary>
    private void Recover(Exception cause)
    {
        try
        {
            _session?.RollBack();
            if (cause is not SqliteException answer || !SqliteFault.BreaksConnection(answer))
            {
                return;
            }
        }
        catch (SqliteException)
        {
            // A transaction that cannot be rolled back ends with its connection. What is told is why it failed in the first place.
        }

        _session?.Dispose();
        _session = null;
    }

    private void Fail(SqliteWrite write, Exception exception) =>
        write.Fail(exception is SqliteException cause ? SqliteFault.Explain(write.What, _location, cause) : exception);
}
