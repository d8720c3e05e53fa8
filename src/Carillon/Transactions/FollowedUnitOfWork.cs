using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Diagnostics.Internal;
using Carillon.Dispatch.Internal;
using Carillon.Transactions.Internal;

namespace Carillon.Transactions;

/// <summary>
/// A unit of work that somebody else leads, who says beforehand that it is going to commit: for packages that hear of transactions by interceptors, such as those of an
/// object-relational mapper.
/// </summary>
/// <remarks>
/// <para>Whoever follows one calls, in this order, what happens:</para>
/// <list type="number">
/// <item><see cref="BeforeCommitAsync"/>, as often as there is something to save: domain events are dispatched and before-commit listeners run, which may change what is about to
/// be saved. Before an EF Core context saves its changes, that is in <c>SavingChanges</c>.</item>
/// <item><see cref="WriteAsync"/>, as the last command before the commit: the deliveries are written in one batch. In <c>TransactionCommitting</c>.</item>
/// <item><see cref="CommittedAsync"/>, <see cref="RolledBackAsync"/> or, if the commit threw, <see cref="FailedAsync"/>.</item>
/// <item>Meanwhile <see cref="SavepointCreated"/>, <see cref="RolledBackToSavepoint"/> and <see cref="SavepointReleased"/> after each of these.</item>
/// </list>
/// <para>
/// It may be opened before there is a transaction: what is dispatched waits in memory until it is written. It may be opened while another unit of work of the scope is
/// open, as when several contexts with transactions of their own are in use: a dispatch belongs to the one that was opened last and has not ended, and when that one ends
/// the one before goes on. Not thread-safe.
/// </para>
/// <para>Disposed without an outcome, what was not written is dropped, and the log warns of it.</para>
/// </remarks>
public sealed class FollowedUnitOfWork : IDisposable
{
    private readonly EventDispatcher _dispatcher;
    private readonly WorkDeliveries _deliveries;
    private readonly PendingWork _pending;
    private readonly TrackedAggregates _aggregates = new();
    private readonly Dictionary<WorkMark, (int Batches, int Aggregates)> _at = new(ReferenceEqualityComparer.Instance);

    // Each as it was claimed: it is handed over or abandoned as a whole.
    private readonly List<List<NewDelivery>> _batches = [];

    internal FollowedUnitOfWork(EventDispatcher dispatcher, WorkDeliveries deliveries)
    {
        _dispatcher = dispatcher;
        _deliveries = deliveries;
        _pending = new PendingWork();
        dispatcher.Open(_pending);
    }

    /// <summary>Whether it has not ended.</summary>
    public bool IsOpen => _pending.IsOpen;

    /// <summary>Whether deliveries wait to be written: without any, there is no need of a transaction.</summary>
    public bool HasUnwritten => UnwrittenCount > 0;

    /// <summary>How many deliveries wait to be written.</summary>
    public int UnwrittenCount => _pending.Deliveries.Count - Written;

    internal PendingWork Pending => _pending;

    private int Written => _batches.Sum(batch => batch.Count);

    /// <summary>Has the domain events of an aggregate dispatched in the next <see cref="BeforeCommitAsync"/>. Doing so twice is harmless.</summary>
    /// <param name="aggregate">The aggregate. It keeps its events if nothing is committed.</param>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    public void Track(IHasDomainEvents aggregate)
    {
        ArgumentNullException.ThrowIfNull(aggregate);
        CheckOpen();
        _aggregates.Add(aggregate);
    }

    /// <summary>Dispatches what tracked aggregates have raised and calls the before-commit listeners that have come since the last time.</summary>
    /// <param name="cancellationToken">Handed to the listeners.</param>
    /// <returns>Whether there was anything to do: if so, there may be something to save that was not there before.</returns>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    /// <remarks>An exception of a listener reaches the caller unchanged: nothing should be committed then.</remarks>
    public ValueTask<bool> BeforeCommitAsync(CancellationToken cancellationToken = default)
    {
        CheckOpen();
        return _aggregates.DispatchAsync(_dispatcher, waiting: null, _pending, cancellationToken);
    }

    /// <summary>Writes the deliveries in the transaction, in one batch: those that have come since the last time.</summary>
    /// <param name="transaction">The open transaction.</param>
    /// <param name="cancellationToken">Gives up; nothing should be committed then.</param>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    /// <exception cref="CarillonException">Deliveries cannot be stored in this transaction.</exception>
    /// <exception cref="DeliveryStoreException">The deliveries could not be written; the transaction should be rolled back.</exception>
    public async ValueTask WriteAsync(DbTransaction transaction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        CheckOpen();
        if (HasUnwritten)
        {
            WorkStore.Check(_deliveries.Store, WorkStore.ConnectionOf(transaction));
            var unwritten = _pending.Deliveries[Written..];
            await _deliveries.WriteAsync(unwritten, transaction, cancellationToken).ConfigureAwait(false);
            _batches.Add(unwritten);
        }
    }

    /// <summary>Call this after the commit: the worker starts with the deliveries, and after-commit and after-completion listeners are called.</summary>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    /// <exception cref="DeliveryStoreException">What was not written in the transaction cannot be written now either. All the rest has gone on as after any commit.</exception>
    /// <remarks>What was not written in the transaction is not lost: it is written now, by itself, and the log tells of the mistake (134).</remarks>
    public async ValueTask CommittedAsync()
    {
        Close();
        try
        {
            if (HasUnwritten)
            {
                await WriteLateAsync(_pending.Deliveries[Written..]).ConfigureAwait(false);
            }
        }
        finally
        {
            // Whatever becomes of what was forgotten: the rest is committed, and waits for its start in places that the worker keeps for it.
            foreach (var batch in _batches)
            {
                await _deliveries.CommittedAsync(batch).ConfigureAwait(false);
            }

            await _pending.EndAsync(WorkOutcome.Committed).ConfigureAwait(false);
        }
    }

    /// <summary>Call this after a rollback: after-rollback and after-completion listeners are called, and aggregates have their events again.</summary>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    public ValueTask RolledBackAsync() => EndAsync(WorkOutcome.RolledBack);

    /// <summary>Call this when the commit threw, so that nobody knows: what was written after all is found when its lease ends. Only after-completion listeners are called.</summary>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    public ValueTask FailedAsync() => EndAsync(WorkOutcome.Unknown);

    /// <summary>A savepoint was set in the transaction.</summary>
    /// <param name="name">Its name; null if it is not known.</param>
    public void SavepointCreated(string? name = null) => _at[_pending.Mark(name)] = (_batches.Count, _aggregates.Count);

    /// <summary>
    /// The transaction was rolled back to a savepoint: what was dispatched since is dropped, and what was only written since is written again, as before-commit listeners
    /// that were only called since are called again. The savepoint stays.
    /// </summary>
    /// <param name="name">Its name; null for the one that was set last.</param>
    public void RolledBackToSavepoint(string? name = null)
    {
        if (_pending.FindMark(name) is { } mark)
        {
            var (batches, aggregates) = _at[mark];
            Abandon(batches);
            _pending.RollBackTo(mark);
            _aggregates.KeepFirst(aggregates);
        }
    }

    /// <summary>A savepoint was released: what was dispatched since belongs to what is around it.</summary>
    /// <param name="name">Its name; null for the one that was set last.</param>
    public void SavepointReleased(string? name = null)
    {
        if (_pending.FindMark(name) is { } mark)
        {
            _pending.Release(mark);
        }
    }

    /// <summary>Drops what was not written, unless the outcome was told.</summary>
    public void Dispose()
    {
        if (!_pending.IsOpen)
        {
            return;
        }

        _dispatcher.Close(_pending);
        if (!_pending.IsEmpty)
        {
            Log.OutcomeNotReported(_deliveries.Logger, Written, _pending.CallsAfter);
            if (HasUnwritten)
            {
                Log.DroppedWithoutCommit(_deliveries.Logger, _pending.Deliveries.Count - Written, _pending.Deliveries[Written].Envelope.EventName);
            }
        }

        Abandon(from: 0);
        _aggregates.PutBack();
    }

    private async ValueTask WriteLateAsync(List<NewDelivery> unwritten)
    {
        if (_deliveries.Store.Required.JoinsTransactions)
        {
            Log.WrittenAfterCommit(_deliveries.Logger, unwritten.Count, unwritten[0].Envelope.EventName);
        }

        try
        {
            await _deliveries.WriteAsync(unwritten, store => store.AddAsync(unwritten, CancellationToken.None)).ConfigureAwait(false);
        }
        catch
        {
            _pending.Drop(unwritten);
            throw;
        }

        _batches.Add(unwritten);
    }

    // Their rows are gone with the transaction or the savepoint, and so are their places in the worker.
    private void Abandon(int from)
    {
        foreach (var batch in _batches[from..])
        {
            _deliveries.Abandon(batch);
            foreach (var delivery in batch)
            {
                (delivery.Lease, delivery.Lane) = (null, null);
            }
        }

        _batches.RemoveRange(from, _batches.Count - from);
    }

    private ValueTask EndAsync(WorkOutcome outcome)
    {
        Close();
        Abandon(from: 0);
        _aggregates.PutBack();
        return _pending.EndAsync(outcome);
    }

    private void Close()
    {
        CheckOpen();
        _dispatcher.Close(_pending);
    }

    private void CheckOpen()
    {
        if (!_pending.IsOpen)
        {
            throw new InvalidOperationException("This unit of work has ended: its outcome was told. Follow the next transaction with another one.");
        }
    }
}
