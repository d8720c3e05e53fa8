using System.Data.Common;
using Carillon.Diagnostics.Internal;
using Carillon.Deliveries;
using Carillon.Dispatch.Internal;
using Carillon.Transactions.Internal;

namespace Carillon.Transactions;

/// <summary>A database transaction together with the deliveries of what was dispatched in it, and with the listeners that wait for one of its phases.</summary>
/// <remarks>
/// <para>
/// The deliveries are written in one batch just before the commit; after it, listeners start at once in this process. A crash before the commit
/// leaves nothing, a crash after it leaves the rows, which are found when their lease ends.
/// </para>
/// <para>Not thread-safe. Dispose it in any case: what is not committed by then is rolled back.</para>
/// </remarks>
public sealed class UnitOfWork : IAsyncDisposable
{
    private readonly IDisposable? _turn;
    private readonly EventDispatcher _dispatcher;
    private readonly WorkDeliveries _deliveries;
    private readonly TrackedAggregates _aggregates = new();
    private EventBuffer? _waiting;

    internal UnitOfWork(DbTransaction transaction, IDisposable? turn, EventDispatcher dispatcher, WorkDeliveries deliveries)
    {
        Transaction = transaction;
        _turn = turn;
        _dispatcher = dispatcher;
        _deliveries = deliveries;
        Pending = new PendingWork { Transaction = transaction, HoldsStore = turn is not null };
        dispatcher.Open(Pending);
    }

    /// <summary>The transaction, for the application's own commands.</summary>
    public DbTransaction Transaction { get; }

    /// <summary>Called in the transaction when all else is written; what it throws rolls back.</summary>
    internal Func<DbTransaction, ValueTask>? BeforeCommit { get; set; }

    internal PendingWork Pending { get; }

    internal bool HoldsStore => Pending.HoldsStore;

    /// <summary>From now on what the scope dispatches waits, and reaches its listeners just before the commit, still in the transaction; a rollback drops it.</summary>
    /// <param name="eventTypes">The events that wait, those of derived types included; the others run at once. None means all.</param>
    /// <exception cref="InvalidOperationException">The unit of work has ended, or its events wait already.</exception>
    public void Defer(params Type[] eventTypes)
    {
        CheckOpen();
        _waiting = _waiting is null
            ? _dispatcher.Defer(eventTypes)
            : throw new InvalidOperationException("The events of this unit of work wait already: name all their types in one call of Defer.");
    }

    /// <summary>Has the domain events of an aggregate dispatched just before the commit. Call it where you save the aggregate; doing so twice is harmless.</summary>
    /// <param name="aggregate">The aggregate. It keeps its events if the commit fails, or if the savepoint in which this is called is rolled back.</param>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    public void Track(IHasDomainEvents aggregate)
    {
        ArgumentNullException.ThrowIfNull(aggregate);
        CheckOpen();
        _aggregates.Add(aggregate);
    }

    /// <summary>Sets a savepoint: what is dispatched from here on can be rolled back without the rest. Savepoints may stand in one another.</summary>
    /// <param name="name">Its name in the database; defaults to one that is free.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The savepoint: release it, or dispose it to roll back to it.</returns>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    /// <exception cref="NotSupportedException">The database, or its driver, has no savepoints.</exception>
    public async ValueTask<UnitOfWorkSavepoint> SavepointAsync(string? name = null, CancellationToken cancellationToken = default)
    {
        CheckOpen();
        if (!Transaction.SupportsSavepoints)
        {
            throw new NotSupportedException($"'{Transaction.GetType()}' has no savepoints: what is to be rolled back by itself needs a unit of work of its own.");
        }

        var free = name ?? Pending.FreeName();
        await Transaction.SaveAsync(free, cancellationToken).ConfigureAwait(false);
        return new UnitOfWorkSavepoint(this, Pending.Mark(free), free, new Waiting(_waiting?.Count ?? 0, _aggregates.Count));
    }

    /// <summary>
    /// Dispatches what waits, calls the before-commit listeners, writes the deliveries and commits; then calls the after-commit and after-completion listeners. When this
    /// returns, both the application's work and the deliveries are there.
    /// </summary>
    /// <param name="cancellationToken">Gives up before the commit is sent; the transaction is then rolled back.</param>
    /// <exception cref="InvalidOperationException">The unit of work has ended, or a savepoint in it is open still.</exception>
    /// <exception cref="DeliveryStoreException">The deliveries could not be written. Nothing is committed.</exception>
    /// <remarks>
    /// An exception of a listener that is called before the commit rolls back and reaches the caller unchanged; one of a listener that is called after it is logged
    /// and announced as <see cref="ListenerFailed"/>, and this returns all the same. An exception of the database's own commit reaches the caller unchanged; nothing is
    /// handed to listeners then. Should the database have committed all the same (a connection lost in the middle), the rows are there and durable listeners run; of
    /// the others only the after-completion ones are called, since nobody can tell.
    /// </remarks>
    public async ValueTask CommitAsync(CancellationToken cancellationToken = default)
    {
        CheckOpen();
        if (Pending.HasMarks)
        {
            throw new InvalidOperationException("A savepoint in this unit of work is open still. Release it, or roll back to it by disposing it, and commit then.");
        }

        var isWritten = false;
        try
        {
            // Before the unit of work is closed: what these listeners write and dispatch belongs to it.
            await _aggregates.DispatchAsync(_dispatcher, _waiting, Pending, cancellationToken).ConfigureAwait(false);
            Close();
            if (BeforeCommit is not null)
            {
                await _deliveries.WriteAsync(Pending.Deliveries, Transaction, cancellationToken).ConfigureAwait(false);
                isWritten = true;
                await BeforeCommit(Transaction).ConfigureAwait(false);
            }
        }
        catch
        {
            if (isWritten)
            {
                _deliveries.Abandon(Pending.Deliveries);
            }

            await FailAsync(WorkOutcome.RolledBack).ConfigureAwait(false);
            throw;
        }

        try
        {
            // Nobody has anything to do between the deliveries and the commit: the store may do both at once.
            var committing = isWritten
                ? Transaction.CommitAsync(cancellationToken)
                : _deliveries.CommitAsync(Pending.Deliveries, Transaction, cancellationToken).AsTask();
            await committing.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _deliveries.Abandon(Pending.Deliveries);
            // Of deliveries that could not be written the store itself says that nothing is committed.
            var isRolledBack = (!isWritten && exception is DeliveryStoreException) || await TryRollBackAsync().ConfigureAwait(false);
            await FailAsync(isRolledBack ? WorkOutcome.RolledBack : WorkOutcome.Unknown).ConfigureAwait(false);
            throw;
        }

        await _deliveries.CommittedAsync(Pending.Deliveries).ConfigureAwait(false);
        await EndAsync(WorkOutcome.Committed).ConfigureAwait(false);
    }

    /// <summary>Rolls back: the application's work and the deliveries are gone. Then calls the after-rollback and after-completion listeners.</summary>
    /// <param name="cancellationToken">Gives up waiting; the transaction is rolled back all the same.</param>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    public async ValueTask RollbackAsync(CancellationToken cancellationToken = default)
    {
        CheckOpen();
        _waiting?.Discard();
        Close();
        try
        {
            await Transaction.RollbackAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await EndAsync(WorkOutcome.RolledBack).ConfigureAwait(false);
        }
    }

    /// <summary>Rolls back what was not committed, and says so in the log if that drops deliveries.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Pending.IsOpen)
        {
            Close();
            if (Pending.Deliveries is [var first, ..] dropped)
            {
                Log.DroppedWithoutCommit(_deliveries.Logger, dropped.Count, first.Envelope.EventName);
            }

            await EndAsync(WorkOutcome.RolledBack).ConfigureAwait(false);
        }
    }

    /// <summary>Drops what has come since the savepoint: the database has rolled back to it.</summary>
    internal void RollBackTo(WorkMark mark, Waiting waiting)
    {
        Pending.RollBackTo(mark);
        _waiting?.KeepFirst(waiting.Events);
        _aggregates.KeepFirst(waiting.Aggregates);
    }

    private async ValueTask FailAsync(WorkOutcome outcome)
    {
        _waiting?.Discard();
        _aggregates.PutBack();
        Close();
        await EndAsync(outcome).ConfigureAwait(false);
    }

    // A driver that can still roll back has not committed; one that cannot does not know.
    private async ValueTask<bool> TryRollBackAsync()
    {
        try
        {
            await Transaction.RollbackAsync(CancellationToken.None).ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // What is told is why the commit failed.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private async ValueTask EndAsync(WorkOutcome outcome)
    {
        try
        {
            await Transaction.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn?.Dispose();
            // Last: these listeners may write, and find neither the transaction nor its locks in their way.
            await Pending.EndAsync(outcome).ConfigureAwait(false);
        }
    }

    private void CheckOpen()
    {
        if (!Pending.IsOpen)
        {
            throw new InvalidOperationException("This unit of work has ended: it can be committed or rolled back once. Begin another one.");
        }
    }

    private void Close()
    {
        _waiting?.Dispose();
        _dispatcher.Close(Pending);
    }

    /// <summary>How much waited when a savepoint was set.</summary>
    internal readonly record struct Waiting(int Events, int Aggregates);
}
