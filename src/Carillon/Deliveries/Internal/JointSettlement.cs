using Carillon.Diagnostics.Internal;
using Carillon.Dispatch.Internal;
using Carillon.Retries;

namespace Carillon.Deliveries.Internal;

/// <summary>Completes a delivery and writes what its attempt has left, in one transaction where the store joins any: both are there, or neither.</summary>
/// <remarks>
/// The transaction is open for these two writes only, not while the listener runs: what an inline listener of a scheduled event writes to the same database would have to
/// wait for it. A store that joins none is in memory, and a crash takes both; there the delivery is settled first, so that its unique key is free for the one that follows.
/// </remarks>
internal sealed class JointSettlement(
    StoreSlot store, AttemptOutcomes outcomes, HandOver handOver, DeliveryMetrics metrics, JitterSource jitter, TimeProvider time, Loggers loggers)
{
    private readonly BackOff _backOff = BackOff.OfStore(jitter);

    /// <summary>Not under the token of the attempt: it has done its work, and what is left is short.</summary>
    internal async ValueTask WriteAsync(HeldDelivery held, IReadOnlyList<NewDelivery> leaves, CancellationToken stop)
    {
        var settlement = outcomes.Complete(held);
        held.IsSettling = true;
        var isKept = store.Required.JoinsTransactions
            ? await WriteTogetherAsync(store.Required, settlement, leaves).ConfigureAwait(false)
            : await WriteOneByOneAsync(settlement, leaves, stop).ConfigureAwait(false);
        if (isKept)
        {
            handOver.Committed(leaves);
        }
        else
        {
            Lose(held);
        }

        held.IsSettled = true;
    }

    /// <summary>
    /// Runs a listener that keeps something of its own, with a store that joins no transaction: what it dispatches waits until it has returned. What it keeps counts from then on, so that the rest follows even
    /// if the lease was lost: whoever has the delivery now finds that the event was taken.
    /// </summary>
    /// <returns>What the listener has decided, with nothing left behind; null if it has run and <see cref="HeldDelivery.IsSettled"/> is set.</returns>
    internal async ValueTask<AttemptDecision?> RunAsync(AttemptCall call, EventDispatcher dispatcher)
    {
        var outbox = new AttemptOutbox();
        dispatcher.Outbox = outbox;
        if (await call.InvokeAsync(transaction: null).ConfigureAwait(false) is { } decision)
        {
            return decision;
        }

        if (outbox.Deliveries.Count > 0 && await AddAsync(outbox.Deliveries, CancellationToken.None).ConfigureAwait(false))
        {
            handOver.Committed(outbox.Deliveries);
        }

        call.Held.IsSettling = true;
        if (await store.Required.SettleAsync([outcomes.Complete(call.Held)], CancellationToken.None).ConfigureAwait(false) is { Count: > 0 })
        {
            Lose(call.Held);
        }

        call.Held.IsSettled = true;
        return null;
    }

    private void Lose(HeldDelivery held)
    {
        Log.LeaseLost(loggers.Deliveries, held.Delivery.ListenerId, held.Delivery.Envelope.EventName, held.Delivery.Envelope.Id);
        metrics.LeaseLost(held.Delivery);
        held.Lose();
    }

    private static async ValueTask<bool> WriteTogetherAsync(IDeliveryStore store, Settlement settlement, IReadOnlyList<NewDelivery> leaves)
    {
        var connection = await NoTransactionException.GuardAsync(() => store.OpenConnectionAsync(CancellationToken.None), CancellationToken.None).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            using var turn = await store.TakeTurnAsync(connection, CancellationToken.None).ConfigureAwait(false);
            var transaction = await connection.BeginTransactionAsync(CancellationToken.None).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                // Rolled back as it is disposed of.
                if (!await store.SettleAsync(transaction, settlement, CancellationToken.None).ConfigureAwait(false))
                {
                    return false;
                }

                await store.AddAsync(transaction, leaves, CancellationToken.None).ConfigureAwait(false);
                await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
                return true;
            }
        }
    }

    private async ValueTask<bool> WriteOneByOneAsync(Settlement settlement, IReadOnlyList<NewDelivery> leaves, CancellationToken stop)
    {
        if (await store.Required.SettleAsync([settlement], CancellationToken.None).ConfigureAwait(false) is { Count: > 0 })
        {
            return false;
        }

        return await AddAsync(leaves, stop).ConfigureAwait(false);
    }

    private async ValueTask<bool> AddAsync(IReadOnlyList<NewDelivery> leaves, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await store.Required.AddAsync(leaves, CancellationToken.None).ConfigureAwait(false);
                return true;
            }
            catch (DeliveryStoreException exception) when (!stop.IsCancellationRequested)
            {
                var delay = _backOff.After(attempt);
                Log.StoreUnavailable(loggers.Deliveries, "wrote what an attempt had left", delay, exception);
                await Task.Delay(delay, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
