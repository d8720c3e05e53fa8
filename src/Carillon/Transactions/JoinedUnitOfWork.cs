using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Dispatch.Internal;
using Carillon.Transactions.Internal;

namespace Carillon.Transactions;

/// <summary>A transaction that the application ends itself, with the deliveries of what is dispatched in it.</summary>
/// <remarks>
/// The deliveries are written as they are dispatched, in the application's transaction. Report the outcome, so that listeners start at once;
/// without a report the worker finds what was committed at its next poll. Not thread-safe.
/// </remarks>
public sealed class JoinedUnitOfWork : IDisposable
{
    private readonly EventDispatcher _dispatcher;
    private readonly DbTransaction _transaction;
    private readonly StoreSlot _store;
    private readonly HandOver _handOver;
    private readonly List<NewDelivery> _afterCommit = [];
    private bool _isOpen = true;

    internal JoinedUnitOfWork(DbTransaction transaction, EventDispatcher dispatcher, StoreSlot store, HandOver handOver)
    {
        _dispatcher = dispatcher;
        _transaction = transaction;
        _store = store;
        _handOver = handOver;
        dispatcher.UnitOfWork = new Writer(this);
    }

    /// <summary>Call this after your commit has returned: the worker looks for the deliveries at once.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">The outcome was reported already.</exception>
    public async ValueTask CommittedAsync(CancellationToken cancellationToken = default)
    {
        Close();
        if (_afterCommit.Count > 0)
        {
            // Not under the caller's token: the commit has happened, and what was promised with it follows.
            await _store.Required.AddAsync(_afterCommit, CancellationToken.None).ConfigureAwait(false);
        }

        _handOver.LookIntoStore();
    }

    /// <summary>Call this after your rollback: the deliveries are gone with your own work.</summary>
    /// <exception cref="InvalidOperationException">The outcome was reported already.</exception>
    public void RolledBack() => Close();

    /// <summary>Leaves the transaction as it is; what is dispatched in the scope from now on does not belong to it.</summary>
    public void Dispose()
    {
        if (_isOpen)
        {
            Close();
        }
    }

    private void Close()
    {
        if (!_isOpen)
        {
            throw new InvalidOperationException("The outcome of this unit of work was reported already.");
        }

        _isOpen = false;
        _dispatcher.UnitOfWork = null;
    }

    private sealed class Writer(JoinedUnitOfWork work) : IDeliverySink
    {
        public ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
        {
            var store = work._store.Required;
            if (store.JoinsTransactions)
            {
                return store.AddAsync(work._transaction, deliveries, cancellationToken);
            }

            work._afterCommit.AddRange(deliveries);
            return ValueTask.CompletedTask;
        }
    }
}
