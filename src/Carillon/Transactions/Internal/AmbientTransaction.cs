using System.Transactions;
using Carillon.Deliveries;

namespace Carillon.Transactions.Internal;

/// <summary>Takes part in one ambient transaction: writes before its commit, and hears of its end.</summary>
/// <remarks>
/// It enlists for the time before the two phases only, where it may still bring in a connection, and votes for nothing: a database that is alone in the transaction commits in
/// one phase as it would without it.
/// </remarks>
internal sealed class AmbientTransaction(Transaction transaction, PendingWork pending, WorkDeliveries deliveries, Action forget) : IEnlistmentNotification
{
    private bool _isWritten;

    internal void Enlist()
    {
        transaction.TransactionCompleted += (_, completed) => End(completed.Transaction!.TransactionInformation.Status);
        transaction.EnlistVolatile(this, EnlistmentOptions.EnlistDuringPrepareRequired);
    }

    // Returns at once: whoever commits waits for the answer, which may come from another thread.
    public void Prepare(PreparingEnlistment preparingEnlistment) => _ = PrepareAsync(preparingEnlistment);

    public void Commit(Enlistment enlistment) => enlistment.Done();

    public void Rollback(Enlistment enlistment) => enlistment.Done();

    public void InDoubt(Enlistment enlistment) => enlistment.Done();

    private async Task PrepareAsync(PreparingEnlistment preparing)
    {
        try
        {
            using (var scope = new TransactionScope(transaction, TransactionScopeAsyncFlowOption.Enabled))
            {
                await pending.RunBeforeCommitAsync(CancellationToken.None).ConfigureAwait(false);
                await deliveries.WriteAsync(pending.Deliveries, WriteAsync).ConfigureAwait(false);
                _isWritten = true;
                scope.Complete();
            }
        }
#pragma warning disable CA1031 // Whatever it is, the transaction does not commit, and whoever wanted to is told why.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            preparing.ForceRollback(exception);
            return;
        }

        preparing.Done();
    }

    private async ValueTask WriteAsync(IDeliveryStore store)
    {
        var connection = await store.OpenConnectionAsync(CancellationToken.None).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            connection.EnlistTransaction(transaction);
            await store.AddEnlistedAsync(connection, pending.Deliveries, CancellationToken.None).ConfigureAwait(false);
        }
    }

    // Called by whoever ends the transaction, synchronously: when TransactionScope.Dispose returns, the listeners have been called.
    private void End(TransactionStatus status)
    {
        forget();
        pending.IsOpen = false;
        using var outside = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        EndAsync(status).AsTask().GetAwaiter().GetResult();
        outside.Complete();
    }

    private async ValueTask EndAsync(TransactionStatus status)
    {
        if (status == TransactionStatus.Committed)
        {
            await deliveries.CommittedAsync(pending.Deliveries).ConfigureAwait(false);
        }
        else if (_isWritten)
        {
            deliveries.Abandon(pending.Deliveries);
        }

        await pending.EndAsync(status switch
        {
            TransactionStatus.Committed => WorkOutcome.Committed,
            TransactionStatus.Aborted => WorkOutcome.RolledBack,
            _ => WorkOutcome.Unknown,
        }).ConfigureAwait(false);
    }
}
