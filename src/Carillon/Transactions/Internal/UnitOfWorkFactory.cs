using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Dispatch.Internal;

namespace Carillon.Transactions.Internal;

/// <summary>Opens units of work for one scope.</summary>
internal sealed class UnitOfWorkFactory(EventDispatcher dispatcher, WorkDeliveries deliveries, AmbientWork ambient) : IUnitOfWorkFactory, IAsyncDisposable, IDisposable
{
    private UnitOfWork? _begun;
    private JoinedUnitOfWork? _joined;

    private IDeliveryStore? Store => deliveries.Store.Optional;

    public DbTransaction? Transaction => dispatcher.UnitOfWork?.Transaction;

    public async ValueTask<UnitOfWork> BeginAsync(DbConnection connection, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        CheckScope();
        WorkStore.Check(deliveries.Store, connection);
        var turn = Store is { } present ? await present.TakeTurnAsync(connection, cancellationToken).ConfigureAwait(false) : null;
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
            return _begun = new UnitOfWork(transaction, turn, dispatcher, deliveries);
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
        var connection = WorkStore.ConnectionOf(transaction);
        WorkStore.Check(deliveries.Store, connection);
        return _joined = new JoinedUnitOfWork(transaction, TakeFreeTurn(connection), dispatcher, deliveries);
    }

    public void Enlist(DbConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ambient.Enlist(connection);
    }

    public FollowedUnitOfWork Follow() => new(dispatcher, deliveries);

    // A unit of work ends with its scope at the latest: one that was forgotten must neither hold the lock of the database nor keep others in line for it.
    public ValueTask DisposeAsync()
    {
        _joined?.Dispose();
        return _begun?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        _joined?.Dispose();
        _begun?.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    // The transaction is open already and may hold the lock that whoever has the turn waits for: only a turn that nobody has is taken, so that others wait in line for
    // this transaction instead of in vain for its lock.
    private IDisposable? TakeFreeTurn(DbConnection connection)
    {
        if (Store is not { } store)
        {
            return null;
        }

        using var giveUp = new CancellationTokenSource();
        var taking = store.TakeTurnAsync(connection, giveUp.Token);
        if (taking.IsCompletedSuccessfully)
        {
            return taking.Result;
        }

        giveUp.Cancel();
        _ = EndAsync(taking);
        return null;
    }

    private static async Task EndAsync(ValueTask<IDisposable?> taking)
    {
        try
        {
            (await taking.ConfigureAwait(false))?.Dispose();
        }
        catch (OperationCanceledException)
        {
            // As asked for.
        }
    }

    private void CheckScope()
    {
        if (dispatcher.UnitOfWork is not null)
        {
            throw new InvalidOperationException(
                "This scope has an open unit of work already. End it first, or open a scope of its own for the other transaction.");
        }
    }
}
