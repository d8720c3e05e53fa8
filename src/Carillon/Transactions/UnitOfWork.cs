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

    /// <summary>Writes the deliveries and commits. When this returns, both the application's work and the deliveries are there.</summary>
    /// <param name="cancellationToken">Gives up before the commit is sent; the transaction is then rolled back.</param>
    /// <exception cref="InvalidOperationException">The unit of work has ended.</exception>
    /// <exception cref="DeliveryStoreException">The deliveries could not be written. Nothing is committed.</exception>
    /// <remarks>
    /// An exception of the database's own commit reaches the caller unchanged; nothing is handed to listeners then. Should the database have
    /// committed all the same (a connection lost in the middle), the rows are there and their listeners run.
    /// </remarks>
    public async ValueTask CommitAsync(CancellationToken cancellationToken = default)
    {
        Close();
        var deliveries = _buffer.Deliveries;
        _handOver.Claim(deliveries);
        try
        {
            if (deliveries.Count > 0 && _store.Required.JoinsTransactions)
            {
                await _store.Required.AddAsync(Transaction, deliveries, cancellationToken).ConfigureAwait(false);
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

    private void Close()
    {
        if (!_isOpen)
        {
            throw new InvalidOperationException("This unit of work has ended: it can be committed or rolled back once. Begin another one.");
        }

        _isOpen = false;
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
