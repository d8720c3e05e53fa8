using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Dispatch.Internal;
using Carillon.Transactions.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Transactions;

/// <summary>A database transaction together with the deliveries of what was dispatched in it.</summary>
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
    private readonly StoreSlot _store;
    private readonly HandOver _handOver;
    private readonly ILogger _logger;
    private readonly Buffer _buffer = new();
    private readonly TrackedAggregates _aggregates = new();
    private EventBuffer? _waiting;
    private bool _isOpen = true;

    internal UnitOfWork(DbTransaction transaction, IDisposable? turn, EventDispatcher dispatcher, StoreSlot store, HandOver handOver, ILogger logger)
    {
        Transaction = transaction;
        _turn = turn;
        _dispatcher = dispatcher;
        _store = store;
        _handOver = handOver;
        _logger = logger;
        dispatcher.UnitOfWork = _buffer;
    }

    /// <summary>The transaction, for the application's own commands.</summary>
    public DbTransaction Transaction { get; }

    /// <summary>Called in the transaction when all else is written; what it throws rolls back.</summary>
    internal Func<DbTransaction, ValueTask>? BeforeCommit { get; set; }

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
    /// <param name="aggregate">The aggregate. It keeps its events if the commit fails.</param>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    public void Track(IHasDomainEvents aggregate)
    {
        ArgumentNullException.ThrowIfNull(aggregate);
        CheckOpen();
        _aggregates.Add(aggregate);
    }

    /// <summary>Dispatches what waits, writes the deliveries and commits. When this returns, both the application's work and the deliveries are there.</summary>
    /// <param name="cancellationToken">Gives up before the commit is sent; the transaction is then rolled back.</param>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    /// <exception cref="DeliveryStoreException">The deliveries could not be written. Nothing is committed.</exception>
    /// <remarks>
    /// An exception of a listener that is called now, of an event that waited or of a domain event, rolls back and reaches the caller unchanged. An exception of the database's own commit reaches the caller unchanged; nothing is handed to listeners then. Should the database have
    /// committed all the same (a connection lost in the middle), the rows are there and their listeners run.
    /// </remarks>
    public async ValueTask CommitAsync(CancellationToken cancellationToken = default)
    {
        CheckOpen();
        await DispatchWaitingAsync(cancellationToken).ConfigureAwait(false);
        Close();
        var deliveries = _buffer.Deliveries;
        _handOver.Claim(deliveries);
        try
        {
            if (deliveries.Count > 0 && _store.Required.JoinsTransactions)
            {
                await _store.Required.AddAsync(Transaction, deliveries, cancellationToken).ConfigureAwait(false);
            }

            if (BeforeCommit is not null)
            {
                await BeforeCommit(Transaction).ConfigureAwait(false);
            }

            await Transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            if (deliveries.Count > 0 && !_store.Required.JoinsTransactions)
            {
                // Not under the caller's token: the commit has happened, and what was promised with it follows.
                await _store.Required.AddAsync(deliveries, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch
        {
            _handOver.Abandon(deliveries);
            _aggregates.PutBack();
            await EndAsync().ConfigureAwait(false);
            throw;
        }

        if (deliveries.Count > 0)
        {
            _handOver.Committed(deliveries);
        }

        await EndAsync().ConfigureAwait(false);
    }

    /// <summary>Rolls back: the application's work and the deliveries are gone.</summary>
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
            await EndAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Rolls back what was not committed, and says so in the log if that drops deliveries.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isOpen)
        {
            Close();
            if (_buffer.Deliveries is [var first, ..] dropped)
            {
                Log.DroppedWithoutCommit(_logger, dropped.Count, first.Envelope.EventName);
            }

            await EndAsync().ConfigureAwait(false);
        }
    }

    // Before the unit of work is closed: what these listeners write and record belongs to it.
    private async ValueTask DispatchWaitingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _aggregates.DispatchAsync(_dispatcher, _waiting, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _waiting?.Discard();
            _aggregates.PutBack();
            Close();
            await EndAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask EndAsync()
    {
        try
        {
            await Transaction.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn?.Dispose();
        }
    }

    private void CheckOpen()
    {
        if (!_isOpen)
        {
            throw new InvalidOperationException("This unit of work has ended: it can be committed or rolled back once. Begin another one.");
        }
    }

    private void Close()
    {
        _isOpen = false;
        _waiting?.Dispose();
        _dispatcher.UnitOfWork = null;
    }

    private sealed class Buffer : IDeliverySink
    {
        internal List<NewDelivery> Deliveries { get; } = [];

        public ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
        {
            Deliveries.AddRange(deliveries);
            return ValueTask.CompletedTask;
        }
    }
}
