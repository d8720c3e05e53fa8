using System.Diagnostics;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>Lets the store and the units of work of this process write one after the other, so that neither meets the lock of the other.</summary>
/// <remarks>
/// <para>
/// SQLite has one write lock and no queue for it. A connection of the application that meets it rests for 150 ms at a time in the driver, while the
/// store takes it again and again; in here they wait in line. The lock itself has the last word: other processes have no part in this.
/// </para>
/// <para>
/// Units of work have their turns in the order in which they came. The store lets one of them go before it, since that one may take along what the store has to write; then it is
/// its own turn.
/// </para>
/// <para>
/// A transaction that was joined may end without a word: whoever waits for its turn looks whether it has. Everybody else says so.
/// </para>
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
internal sealed class WriteTurn(TimeSpan patience)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly object _gate = new();

    // Under _gate.
    private readonly LinkedList<TaskCompletionSource> _units = [];
    private bool _isTaken;
    private Taken? _joined;
    private bool _isStoreWaiting;
    private bool _isStoreNext;
    private bool _isGivenToStore;

    /// <summary>For the one thread of the store that writes.</summary>
    /// <returns>False if nobody has ended his turn in time.</returns>
    internal bool Take()
    {
        lock (_gate)
        {
            (_isStoreNext, _isGivenToStore) = (false, false);
            var begun = Stopwatch.GetTimestamp();
            while (_isTaken && !_isGivenToStore)
            {
                _isStoreWaiting = true;
                if (EndJoined())
                {
                    continue;
                }

                var left = patience - Stopwatch.GetElapsedTime(begun);
                if (left <= TimeSpan.Zero)
                {
                    return _isStoreWaiting = false;
                }

                Monitor.Wait(_gate, _joined is null || left < BetweenLooks ? left : BetweenLooks);
            }

            _isStoreWaiting = false;
            return _isTaken = true;
        }
    }

    /// <param name="hasEnded">Tells, on any thread, whether a transaction that is open already has ended; null for one that is about to begin.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What ends the turn. If nobody has ended his in time, the lock alone decides, and there is nothing to end.</returns>
    internal async ValueTask<IDisposable> TakeAsync(Func<bool>? hasEnded, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LinkedListNode<TaskCompletionSource> place;
        lock (_gate)
        {
            EndJoined();
            if (!_isTaken)
            {
                _isTaken = true;
                return Hold(hasEnded);
            }

            place = _units.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            await place.Value.Task.WaitAsync(patience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            if (TryLeave(place))
            {
                return new Taken(null, null);
            }
        }
        catch (OperationCanceledException)
        {
            if (!TryLeave(place))
            {
                End();
            }

            throw;
        }

        lock (_gate)
        {
            return Hold(hasEnded);
        }
    }

    /// <summary>What the store has waited to write was taken along by the unit of work whose turn it is: it need not come next any more.</summary>
    internal void StoreCanWait()
    {
        lock (_gate)
        {
            _isStoreNext = false;
        }
    }

    internal void End()
    {
        lock (_gate)
        {
            _joined = null;
            if (_isStoreWaiting && _isStoreNext)
            {
                _isGivenToStore = true;
                Monitor.Pulse(_gate);
                return;
            }

            _isStoreNext = _isStoreWaiting;
            if (_units.First is { } next)
            {
                _units.Remove(next);
                next.Value.SetResult();
                return;
            }

            // Whoever comes first: a unit of work that begins at once is quicker than the thread that is woken here.
            _isTaken = false;
            if (_isStoreWaiting)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    private Taken Hold(Func<bool>? hasEnded)
    {
        var taken = new Taken(this, hasEnded);
        _joined = hasEnded is null ? null : taken;
        return taken;
    }

    /// <returns>Whether a turn was ended whose transaction had.</returns>
    private bool EndJoined()
    {
        if (_joined is not { HasEnded: true } joined)
        {
            return false;
        }

        _joined = null;
        joined.Dispose();
        return true;
    }

    /// <returns>False if the turn was given to it in this moment.</returns>
    private bool TryLeave(LinkedListNode<TaskCompletionSource> place)
    {
        lock (_gate)
        {
            EndJoined();
            if (place.List is null)
            {
                return false;
            }

            _units.Remove(place);
            return true;
        }
    }

    private sealed class Taken(WriteTurn? turn, Func<bool>? hasEnded) : IDisposable
    {
        private WriteTurn? _turn = turn;

        internal bool HasEnded => hasEnded?.Invoke() is true;

        public void Dispose() => Interlocked.Exchange(ref _turn, null)?.End();
    }
}
