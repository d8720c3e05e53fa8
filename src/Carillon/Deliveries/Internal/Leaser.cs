using Carillon.Diagnostics.Internal;
using Carillon.Retries;
using Microsoft.Extensions.Logging;

namespace Carillon.Deliveries.Internal;

/// <summary>Fetches deliveries from the store into a lane: when something was left there, when one becomes due, and every poll interval.</summary>
internal sealed class Leaser(
    StoreSlot store,
    DeliveriesInHand inHand,
    SettlementWriter settlements,
    ForeignListeners foreign,
    DueClock clock,
    DeliveryMetrics metrics,
    TimeProvider time,
    JitterSource jitter,
    Loggers loggers)
{
    private readonly ILogger _logger = loggers.Worker;
    private readonly BackOff _backOff = BackOff.OfStore(jitter);

    internal async Task RunAsync(Lane lane, CancellationToken stop)
    {
        for (var failures = 0; ;)
        {
            try
            {
                // Without room nothing more could start, whatever is due: the place that comes free asks again.
                var now = time.GetUtcNow();
                if (await FetchAllAsync(lane, stop).ConfigureAwait(false))
                {
                    clock.Ask(now);
                }

                failures = 0;
                await lane.Signal.ReadAsync(stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Nothing that a store throws may end the worker: the error is logged and the next try comes.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                var delay = _backOff.After(++failures);
                Log.StoreUnavailable(_logger, "leased deliveries", delay, exception);
                await Task.Delay(delay, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>Whether the store has nothing more that is due; false if there is no room for it, or the queue is paused.</returns>
    private async ValueTask<bool> FetchAllAsync(Lane lane, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && !lane.IsPaused)
        {
            var room = lane.ReserveUpTo(lane.Settings.BatchSize);
            if (room == 0)
            {
                lane.WaitForRoom();
                return false;
            }

            if (await FetchAsync(lane, room, stop).ConfigureAwait(false) < room)
            {
                lane.StoreIsEmpty();
                return true;
            }
        }

        return false;
    }

    private async ValueTask<int> FetchAsync(Lane lane, int room, CancellationToken stop)
    {
        var lease = inHand.NewLease(lane.Settings);
        IReadOnlyList<LeasedDelivery> leased = [];
        try
        {
            var request = new LeaseRequest(lease, time.GetUtcNow(), room) { Queue = lane.Queue, Limit = lane.Settings.Limit, Without = foreign.List() };
            leased = await store.Required.LeaseAsync(request, stop).ConfigureAwait(false);
        }
        finally
        {
            lane.Free(room - leased.Count);
        }

        metrics.Leased(lane.Queue, leased.Count);
        foreach (var delivery in leased)
        {
            var held = new HeldDelivery(delivery, lease.Until, lane);
            if (!inHand.TryAdd(held))
            {
                // The store took longer to answer than the stop has waited.
                settlements.Release(held);
            }
        }

        return leased.Count;
    }
}
