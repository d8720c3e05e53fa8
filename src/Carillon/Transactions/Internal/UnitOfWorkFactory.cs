using System.Data.Common;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Dispatch.Internal;

namespace Carillon.Transactions.Internal;

/// <summary>Opens units of work for one scope.</summary>
internal sealed class UnitOfWorkFactory(EventDispatcher dispatcher, StoreSlot store, HandOver handOver, Loggers loggers)
    : IUnitOfWorkFactory, IAsyncDisposable, IDisposable
{
    private UnitOfWork? _begun;

    public async ValueTask<UnitOfWork> BeginAsync(DbConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        CheckScope();
        CheckStore(connection);
        var turn = store.Optional is { } present ? await present.TakeTurnAsync(connection, cancellationToken).ConfigureAwait(false) : null;
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            return _begun = new UnitOfWork(transaction, turn, dispatcher, store, handOver, loggers.Deliveries);
        }
        catch
        {
            turn?.Dispose();
            throw;
        }
    }

    public JoinedUnitOfWork Join(DbTransaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        CheckScope();
        CheckStore(transaction.Connection
            ?? throw new InvalidOperationException("The transaction has ended: it has no connection any more. Join it while it is open."));
        return new JoinedUnitOfWork(transaction, dispatcher, store, handOver);
    }

    // A unit of work ends with its scope at the latest: one that was forgotten must not hold the lock of the database.
    public ValueTask DisposeAsync() => _begun?.DisposeAsync() ?? ValueTask.CompletedTask;

    public void Dispose() => _begun?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void CheckScope()
    {
        if (dispatcher.UnitOfWork is not null)
        {
            throw new InvalidOperationException(
                "This scope has an open unit of work already. End it first, or open a scope of its own for the other transaction.");
        }
    }

    private void CheckStore(DbConnection connection)
    {
        if (store.Optional?.WhyNotIn(connection) is { } reason)
        {
            throw new CarillonException(
                $"Deliveries cannot be written in a transaction of this connection, so they could be lost or run without it: {reason}");
        }
    }
}
