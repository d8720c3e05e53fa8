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

    /// <summary>From so many settlements on a transaction of the application takes no more along: its commit is waited for.</summary>
    private const int EnoughAlong = 500;

    private readonly SqliteLocation _location;
    private readonly WriteTurn _turn;
    private readonly Thread _thread;
    private readonly object _gate = new();

    // Under _gate.
    private Queue<SqliteWrite> _waiting = new();
    private long _lastNumber;
    private int _underWay;
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

    /// <summary>Whether there may be something to take along.</summary>
    internal bool IsAnyWaiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count > 0;
            }
        }
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
    /// <param name="rides">How many settlements it has, if transactions of the application may take it along.</param>
    internal Task<TResult> WriteAsync<TState, TResult>(
        TState state, Func<SqliteSession, TState, TResult> execute, Func<TState, string> what, CancellationToken cancellationToken, int rides = 0)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TResult>(cancellationToken);
        }

        var write = new SqliteWrite<TState, TResult>(state, execute, what) { Rides = rides };
        var completion = write.WaitAsync(cancellationToken);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(SqliteDeliveryStore));
            write.Number = ++_lastNumber;
            _waiting.Enqueue(write);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
            }
        }

        return completion;
    }

    /// <summary>What a transaction of the application can carry out before it commits. Follow with one of the other two.</summary>
    internal List<SqliteWrite> TakeAlong()
    {
        var along = new List<SqliteWrite>();
        var settlements = 0;
        lock (_gate)
        {
            for (var count = _waiting.Count; count > 0; count--)
            {
                var write = _waiting.Dequeue();
                if (write.Rides == 0 || settlements >= EnoughAlong)
                {
                    _waiting.Enqueue(write);
                }
                else if (write.TryBegin())
                {
                    along.Add(write);
                    settlements += write.Rides;
                }
            }

            _underWay += along.Count;
            if (_waiting.Count == 0)
            {
                _turn.StoreCanWait();
            }
        }

        return along;
    }

    /// <summary>It is committed.</summary>
    internal void CarriedOut(List<SqliteWrite> along)
    {
        along.ForEach(write => write.Complete());
        if (along.Count > 0)
        {
            lock (_gate)
            {
                _underWay -= along.Count;
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <summary>It is not committed, or may not be: the writer carries it out, before all others. What is settled already it leaves as it is.</summary>
    internal void GiveBack(List<SqliteWrite> along)
    {
        if (along.Count > 0)
        {
            lock (_gate)
            {
                along.ForEach(write => write.Undo());
                _waiting = new Queue<SqliteWrite>([.. along, .. _waiting]);
                _underWay -= along.Count;
                Monitor.Pulse(_gate);
            }
        }
    }

    private void Run()
    {
        while (WaitForWrites() is { } last)
        {
            var isOurTurn = _turn.Take();
            try
            {
                // A unit of work may have taken along all of it.
                if (IsAnyWaiting)
                {
                    // Whoever has waited for the turn in vain has had its time.
                    Write(last, isOurTurn ? _location.BusyTimeout : TimeSpan.Zero);
                }
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

    private void Write(long last, TimeSpan patience)
    {
        try
        {
            Session().BeginWrite(patience);
        }
        catch (Exception exception)
        {
            FailWaiting(last, exception);
            return;
        }

        // Only now that the lock is ours: until here each could be cancelled, and more have come.
        TakeBatch();
        CommitBatch();
        _batch.Clear();
    }

    /// <returns>The number of the last one that is waiting; null when it is time to stop.</returns>
    private long? WaitForWrites()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !(_stopping && _underWay == 0))
            {
                Monitor.Wait(_gate);
            }

            return _waiting.Count == 0 ? null : _lastNumber;
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
    private void FailWaiting(long last, Exception exception)
    {
        Recover(exception);
        lock (_gate)
        {
            while (_waiting.TryPeek(out var write) && write.Number <= last)
            {
                _waiting.Dequeue();
                if (write.TryBegin())
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
