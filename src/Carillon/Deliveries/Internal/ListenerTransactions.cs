using System.Data.Common;
using Carillon.Diagnostics.Internal;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Deliveries.Internal;

/// <summary>Runs a transactional listener: its work, what it dispatches and the completion of its delivery are one transaction.</summary>
internal sealed class ListenerTransactions(StoreSlot store, AttemptOutcomes outcomes, DeliveryMetrics metrics, TimeProvider time, Loggers loggers)
{
    private readonly ILogger _logger = loggers.Deliveries;

    /// <returns>What the listener has decided, with its work rolled back; null if it has run and <see cref="HeldDelivery.IsSettled"/> is set.</returns>
    internal async ValueTask<AttemptDecision?> RunAsync(AttemptCall call)
    {
        var connection = await NoTransactionException.GuardAsync(() => store.Required.OpenConnectionAsync(call.Token), call.Token).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var work = await NoTransactionException.GuardAsync(
                () => call.Services.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, call.Token), call.Token).ConfigureAwait(false);
            await using (work.ConfigureAwait(false))
            {
                call.Held.HoldsStoreSince = work.HoldsStore ? time.GetUtcNow() : null;
                try
                {
                    return await RunAsync(call, work).ConfigureAwait(false);
                }
                finally
                {
                    call.Held.HoldsStoreSince = null;
                }
            }
        }
    }

    private async ValueTask<AttemptDecision?> RunAsync(AttemptCall call, UnitOfWork work)
    {
        var decision = await call.InvokeAsync(work.Transaction).ConfigureAwait(false);
        CheckOpen(work.Transaction, call.Held.Delivery.ListenerId);
        if (decision is not null)
        {
            await work.RollbackAsync(CancellationToken.None).ConfigureAwait(false);
            return decision;
        }

        await CommitAsync(work, call.Held).ConfigureAwait(false);
        return null;
    }

    // Another attempt would do the work a second time if it was committed.
    private static void CheckOpen(DbTransaction transaction, string listenerId)
    {
        if (!IsOpen(transaction))
        {
            throw new UnrecoverableListenerException(
                $"The transactional listener '{listenerId}' has committed or rolled back the transaction of its delivery. That is done for it when it returns, together with its "
                + "completion: take the call away, see whether its work was done, and then retry or discard the delivery.");
        }
    }

    private static bool IsOpen(DbTransaction transaction)
    {
        try
        {
            return transaction.Connection is not null;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    // Not under the token of the attempt: the listener has done its work, and what is left is short.
    private async ValueTask CommitAsync(UnitOfWork work, HeldDelivery held)
    {
        var isWritten = false;
        work.BeforeCommit = async transaction =>
        {
            held.IsSettling = true;
            if (!await store.Required.SettleAsync(transaction, outcomes.Complete(held), CancellationToken.None).ConfigureAwait(false))
            {
                throw new LeaseLostException();
            }

            isWritten = true;
        };
        try
        {
            await work.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (LeaseLostException)
        {
            // Rolled back: whoever has the delivery now does the work.
            Log.LeaseLost(_logger, held.Delivery.ListenerId, held.Delivery.Envelope.EventName, held.Delivery.Envelope.Id);
            metrics.LeaseLost(held.Delivery);
            held.Lose();
        }
        catch (Exception exception) when (exception is not LeaseLostException)
        {
            // A commit whose answer is lost may have happened all the same. The row tells; and should it not be readable either, what is written about this attempt
            // next is refused by the store if the delivery is completed.
            if (!isWritten || !await WasCommittedAsync(held.Delivery).ConfigureAwait(false))
            {
                throw;
            }

            Log.CommitUncertain(_logger, held.Delivery.ListenerId, held.Delivery.Envelope.EventName, held.Delivery.Envelope.Id, exception);
        }

        held.IsSettled = true;
    }

    private async ValueTask<bool> WasCommittedAsync(LeasedDelivery delivery)
    {
        try
        {
            return await store.Required.FindAsync(delivery.Id, time.GetUtcNow(), CancellationToken.None).ConfigureAwait(false)
                is null or { Delivery.State: DeliveryState.Completed };
        }
        catch (DbException)
        {
            return false;
        }
        catch (DeliveryStoreException)
        {
            return false;
        }
    }

    private sealed class LeaseLostException : Exception;
}
