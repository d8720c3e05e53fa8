namespace Carillon.Deliveries.Internal;

/// <summary>The worker's steps without its loops: lease, run, settle, queue by queue.</summary>
internal sealed class DueDeliveryRunner(StoreSlot store, AttemptRunner runner, DeliveriesInHand inHand, ForeignListeners foreign, DeliveryMetrics metrics, TimeProvider time) : IDeliveryRunner
{
    public async ValueTask<int> RunDueAsync(int limit, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        if (inHand.HasWorker)
        {
            throw new InvalidOperationException(
                "Deliveries were to be run by hand (DrainDeliveriesAsync, IDeliveryRunner), but the worker of this process runs: the two would take them from each other, and nothing would be sure to have run when "
                + "this returns. Call RunDeliveriesByHand() in the test, or set WorkerOptions.Enabled to false; or leave the drain out and wait for what the worker does.");
        }

        // Those that wait somewhere are found by the store; it knows no others, whoever has named them.
        foreach (var queue in await store.Required.ListQueuesAsync(time.GetUtcNow(), cancellationToken).ConfigureAwait(false))
        {
            inHand.FindOrAdd(queue.Name);
        }

        var made = 0;
        foreach (var lane in inHand.Lanes.OrderBy(lane => lane.Queue, StringComparer.Ordinal))
        {
            if (made < limit)
            {
                made += await RunDueAsync(lane, limit - made, cancellationToken).ConfigureAwait(false);
            }
        }

        return made;
    }

    private async ValueTask<int> RunDueAsync(Lane lane, int limit, CancellationToken cancellationToken)
    {
        var settings = lane.Settings;
        var lease = inHand.NewLease(settings);
        var request = new LeaseRequest(lease, time.GetUtcNow(), Math.Min(limit, settings.BatchSize)) { Queue = lane.Queue, Limit = settings.Limit, Without = foreign.List() };
        var leased = await store.Required.LeaseAsync(request, cancellationToken).ConfigureAwait(false);
        metrics.Leased(lane.Queue, leased.Count);
        var made = 0;
        foreach (var delivery in leased)
        {
            if (made > 0 && inHand.HasEnded(lease))
            {
                // Nobody extends leases here: those before took so long that somebody else may have the rest by now.
                break;
            }

            made++;
            await RunAsync(new HeldDelivery(delivery, lease.Until, lane), cancellationToken).ConfigureAwait(false);
        }

        return made;
    }

    private async ValueTask RunAsync(HeldDelivery held, CancellationToken cancellationToken)
    {
        using var attempt = new CancellationTokenSource();
        held.Begin(attempt);
        Settlement? settlement;
        await using (cancellationToken.Register(static held => ((HeldDelivery)held!).Stop(), held).ConfigureAwait(false))
        {
            settlement = await runner.RunAsync(held, attempt.Token).ConfigureAwait(false);
        }

        held.End();
        if (settlement is null)
        {
            metrics.SettledElsewhere(held);
        }
        else
        {
            // The outcome of what has run is worth writing, whoever gives up meanwhile.
            do
            {
                if (settlement.IsDeferred)
                {
                    await Task.Delay(SettlementWriter.Deferral, time, CancellationToken.None).ConfigureAwait(false);
                }

                metrics.Settled([settlement], await store.Required.SettleAsync([settlement], CancellationToken.None).ConfigureAwait(false));
            }
            while (settlement.IsDeferred);
        }
    }
}
