using System.Data.Common;
using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Transactions.Internal;

/// <summary>What a unit of work does with its deliveries: writes them in one batch before the commit, hands them over after it. Without a store there are none.</summary>
internal sealed class WorkDeliveries(StoreSlot store, HandOver? handOver, ILogger logger)
{
    internal StoreSlot Store => store;

    internal ILogger Logger => logger;

    /// <summary>In the transaction that is about to be committed. The worker of this process has room for them from now on: follow with one of the others.</summary>
    internal ValueTask WriteAsync(List<NewDelivery> deliveries, DbTransaction transaction, CancellationToken cancellationToken) =>
        WriteAsync(deliveries, present => present.AddAsync(transaction, deliveries, cancellationToken));

    /// <inheritdoc cref="WriteAsync(List{NewDelivery}, DbTransaction, CancellationToken)"/>
    internal async ValueTask WriteAsync(List<NewDelivery> deliveries, Func<IDeliveryStore, ValueTask> write)
    {
        if (deliveries.Count == 0)
        {
            return;
        }

        handOver?.Claim(deliveries);
        try
        {
            if (store.Required.JoinsTransactions)
            {
                await write(store.Required).ConfigureAwait(false);
            }
        }
        catch
        {
            Abandon(deliveries);
            throw;
        }
    }

    /// <summary>Writes them and commits the transaction. Follow with <see cref="CommittedAsync"/>, or with <see cref="Abandon"/> if this throws.</summary>
    internal async ValueTask CommitAsync(List<NewDelivery> deliveries, DbTransaction transaction, CancellationToken cancellationToken)
    {
        if (deliveries.Count > 0)
        {
            handOver?.Claim(deliveries, store.Required is { JoinsTransactions: true, LeasesInTurn: true });
            if (store.Required.JoinsTransactions)
            {
                await store.Required.CommitAsync(transaction, deliveries, cancellationToken).ConfigureAwait(false);
                return;
            }
        }

        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The transaction was not committed, or may not have been: what was written after all is found when its lease ends.</summary>
    internal void Abandon(List<NewDelivery> deliveries)
    {
        if (deliveries.Count > 0)
        {
            handOver?.Abandon(deliveries);
        }
    }

    /// <summary>The transaction was committed: what was claimed starts. A store that takes no part in transactions is given them now.</summary>
    internal async ValueTask CommittedAsync(List<NewDelivery> deliveries)
    {
        if (deliveries.Count == 0 || (!store.Required.JoinsTransactions && !await AddAsync(deliveries).ConfigureAwait(false)))
        {
            return;
        }

        handOver?.Committed(deliveries);
    }

    /// <summary>They were written as they were dispatched, for whoever comes: now somebody may.</summary>
    internal async ValueTask CommittedUnclaimedAsync(List<NewDelivery> deliveries)
    {
        if (deliveries.Count == 0)
        {
            return;
        }

        if (store.Required.JoinsTransactions)
        {
            handOver?.CommittedUnclaimed(deliveries);
            return;
        }

        handOver?.Claim(deliveries);
        await CommittedAsync(deliveries).ConfigureAwait(false);
    }

    /// <summary>Nobody has said what became of the transaction.</summary>
    internal void LookIntoStore() => handOver?.LookIntoStore();

    // The application's work is committed, and a failure here cannot undo it: the caller must not take it for one of the commit.
    private async ValueTask<bool> AddAsync(List<NewDelivery> deliveries)
    {
        try
        {
            // Not under the caller's token: the commit has happened, and what was promised with it follows.
            await store.Required.AddAsync(deliveries, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // See above: it is logged as what it is, a loss.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Abandon(deliveries);
            Log.LostAfterCommit(logger, deliveries.Count, deliveries[0].Envelope.EventName, store.Required.Description, exception);
            return false;
        }
    }
}
