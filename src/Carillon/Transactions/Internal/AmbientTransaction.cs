using System.Transactions;
using Carillon.Deliveries;
using Carillon.Diagnostics.Internal;

namespace Carillon.Transactions.Internal;

/// <summary>Takes part in one ambient transaction: writes before its commit, and hears of its end.</summary>
/// <remarks>
/// It enlists for the time before the two phases only, where it may still bring in a connection, and votes for nothing: a database that is alone in the transaction commits in
/// one phase as it would without it.
/// </remarks>
internal sealed class AmbientTransaction(Transaction transaction, PendingWork pending, WorkDeliveries deliveries, Action forget) : IEnlistmentNotification
{
    private const string MendKey = "Carillon";

    private bool _isWritten;
    private bool _isPrepared;

    internal void Enlist()
    {
        transaction.TransactionCompleted += (_, completed) => End(completed.Transaction!);
        transaction.EnlistVolatile(this, EnlistmentOptions.EnlistDuringPrepareRequired);
    }

    // Whoever commits waits for the answer anyway. Given from another thread, that one would go on to the end of the transaction, and who waits would be let go before its listeners were called.
    public void Prepare(PreparingEnlistment preparingEnlistment)
    {
        if (Run(PrepareAsync) is { } fault)
        {
            // The transaction does not commit, and whoever wanted to is told why.
            preparingEnlistment.ForceRollback(fault);
        }
        else
        {
            preparingEnlistment.Done();
        }
    }

    public void Commit(Enlistment enlistment) => enlistment.Done();

    public void Rollback(Enlistment enlistment) => enlistment.Done();

    public void InDoubt(Enlistment enlistment) => enlistment.Done();

    private async Task<Exception?> PrepareAsync()
    {
        using var scope = new TransactionScope(transaction, TransactionScopeAsyncFlowOption.Enabled);
        try
        {
            await pending.RunBeforeCommitAsync(CancellationToken.None).ConfigureAwait(false);
            await deliveries.WriteAsync(pending.Deliveries, WriteAsync).ConfigureAwait(false);
            _isWritten = pending.Deliveries.Count > 0;
            _isPrepared = true;
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, it is the answer.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception;
        }
        finally
        {
            // In any case: a scope that is not completed rolls back by itself, and the reason would come too late.
            scope.Complete();
        }
    }

    private async ValueTask WriteAsync(IDeliveryStore store) =>
        await pending.Ambient!.UseAsync(
            store,
            async connection =>
            {
                await store.AddEnlistedAsync(connection, pending.Deliveries, CancellationToken.None).ConfigureAwait(false);
                return true;
            },
            CancellationToken.None).ConfigureAwait(false);

    // Called by whoever ends the transaction, synchronously: when TransactionScope.Dispose returns, the listeners have been called.
    private void End(Transaction ended)
    {
        var status = ended.TransactionInformation.Status;
        forget();
        pending.IsOpen = false;
        if (_isPrepared && pending.Ambient is { IsOwn: true } && status == TransactionStatus.Aborted && FindCause(ended) is { } cause)
        {
            // There was nothing left to do but to commit. The driver cannot know what else its message could say.
            // Nobody can be asked which connections are in a transaction, and the driver's is the first to be told to prepare: its exception is the one that whoever commits is shown.
            cause.Data[MendKey] = Log.SecondConnection;
            Explain(cause);
        }

        using var outside = new TransactionScope(TransactionScopeOption.Suppress, TransactionScopeAsyncFlowOption.Enabled);
        Run(async () =>
        {
            await EndAsync(status).ConfigureAwait(false);
            return true;
        });
        outside.Complete();
    }

    private void Explain(Exception cause)
    {
        var store = deliveries.Store.Required.Description;
        if (_isWritten)
        {
            Log.AmbientAborted(deliveries.Logger, pending.Deliveries.Count, pending.Deliveries[0].Envelope.EventName, store, cause.Message.TrimEnd('.'), cause);
        }
        else if (pending.Ambient!.HasWritten)
        {
            Log.AmbientAppendAborted(deliveries.Logger, store, cause.Message.TrimEnd('.'), cause);
        }
    }

    // Where continuations wait for this very thread, as that of a user interface, listeners are called on another one.
    private static T Run<T>(Func<Task<T>> act) => (SynchronizationContext.Current is null ? act() : Task.Run(act)).GetAwaiter().GetResult();

    // It is told to whoever wants to take part now, and else only to who has committed.
    private Exception? FindCause(Transaction ended)
    {
        try
        {
            ended.EnlistVolatile(this, EnlistmentOptions.None);
            return null;
        }
        catch (TransactionException exception)
        {
            return exception.InnerException;
        }
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
