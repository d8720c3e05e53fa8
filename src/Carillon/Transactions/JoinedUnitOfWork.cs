using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Diagnostics.Internal;
using Carillon.Dispatch.Internal;
using Carillon.Transactions.Internal;

namespace Carillon.Transactions;

/// <summary>A transaction that the application ends itself, with the deliveries of what is dispatched in it.</summary>
/// <remarks>
/// <para>
/// The deliveries are written as they are dispatched, in the application's transaction, and before-commit listeners run as they are dispatched too: nobody sees the
/// commit coming. Report the outcome, so that listeners start at once and those of the later phases are called. Without a report the worker finds what was committed
/// at its next poll; after-commit, after-rollback and after-completion listeners do not run then, and the log warns of it.
/// </para>
/// <para>It ends with its scope at the latest, as if it was disposed of there.</para>
/// <para>Whoever sees the commit and savepoints coming takes <see cref="FollowedUnitOfWork"/>. Not thread-safe.</para>
/// </remarks>
public sealed class JoinedUnitOfWork : IDisposable
{
    private readonly IDisposable? _turn;
    private readonly EventDispatcher _dispatcher;
    private readonly WorkDeliveries _deliveries;
    private readonly PendingWork _pending;

    internal JoinedUnitOfWork(DbTransaction transaction, IDisposable? turn, EventDispatcher dispatcher, WorkDeliveries deliveries)
    {
        _turn = turn;
        _dispatcher = dispatcher;
        _deliveries = deliveries;
        _pending = new PendingWork
        {
            Transaction = transaction,
            SeesCommit = false,
            HoldsStore = turn is not null,
            WriteAtOnce = (added, cancellationToken) => WriteAsync(transaction, added, cancellationToken),
        };
        dispatcher.Open(_pending);
    }

    /// <summary>Call this after your commit has returned: the worker looks for the deliveries at once, and after-commit and after-completion listeners are called.</summary>
    /// <param name="cancellationToken">Ignored once the listeners are called: the commit has happened.</param>
    /// <exception cref="InvalidOperationException">The outcome was reported already.</exception>
    /// <remarks>Failures of those listeners are logged and announced as <see cref="ListenerFailed"/>, and do not reach the caller.</remarks>
    public async ValueTask CommittedAsync(CancellationToken cancellationToken = default)
    {
        Close();
        await _deliveries.CommittedUnclaimedAsync(_pending.Deliveries).ConfigureAwait(false);
        await _pending.EndAsync(WorkOutcome.Committed).ConfigureAwait(false);
    }

    /// <summary>Call this after your rollback: the deliveries are gone with your own work. After-rollback and after-completion listeners are called.</summary>
    /// <exception cref="InvalidOperationException">The outcome was reported already.</exception>
    public ValueTask RolledBackAsync()
    {
        Close();
        return _pending.EndAsync(WorkOutcome.RolledBack);
    }

    /// <summary>Leaves the transaction as it is; what is dispatched in the scope from now on does not belong to it.</summary>
    public void Dispose()
    {
        if (!_pending.IsOpen)
        {
            return;
        }

        Close();
        if (_pending.Deliveries.Count + _pending.CallsAfter > 0)
        {
            Log.OutcomeNotReported(_deliveries.Logger, _pending.Deliveries.Count, _pending.CallsAfter);
            _deliveries.LookIntoStore();
        }
    }

    private ValueTask WriteAsync(DbTransaction transaction, IReadOnlyList<NewDelivery> added, CancellationToken cancellationToken) =>
        _deliveries.Store.Required is { JoinsTransactions: true } store ? store.AddAsync(transaction, added, cancellationToken) : ValueTask.CompletedTask;

    private void Close()
    {
        if (!_pending.IsOpen)
        {
            throw new InvalidOperationException("The outcome of this unit of work was reported already.");
        }

        _dispatcher.Close(_pending);
        _turn?.Dispose();
    }
}
