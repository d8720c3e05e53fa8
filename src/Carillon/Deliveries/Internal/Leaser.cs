using Carillon.Diagnostics.Internal;
using Carillon.Hosting;
using Carillon.Retries;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Deliveries.Internal;

/// <summary>Fetches deliveries from the store: when something was left there, when one becomes due, and every poll interval.</summary>
internal sealed class Leaser(
    StoreSlot store, DeliveriesInHand inHand, TimeProvider time, IOptions<WorkerOptions> options, JitterSource jitter, Loggers loggers)
{
    private readonly ILogger _logger = loggers.Worker;

    private readonly BackOff _backOff = new(
        new RetryOptions { FirstDelay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromSeconds(5) }, jitter.Next);

    internal async Task RunAsync(CancellationToken stop)
    {
        var poll = options.Value.PollInterval;
        using var pollTimer = time.CreateTimer(_ => inHand.Poll(), null, poll, poll);
        using var dueTimer = time.CreateTimer(_ => inHand.Poll(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        for (var failures = 0; ;)
        {
            try
            {
                // Without room nothing more could start, whatever is due: the place that comes free asks again.
                var now = time.GetUtcNow();
                if (await FetchAllAsync(stop).ConfigureAwait(false))
                {
                    // What was due already and could not be leased waits for something other than the clock.
                    SetTimer(dueTimer, await store.Required.GetNextDueAsync(now, stop).ConfigureAwait(false));
                }

                failures = 0;
                await inHand.Signal.ReadAsync(stop).ConfigureAwait(false);
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

    /// <returns>Whether the store has nothing more that is due; false if there is no room for it.</returns>
    private async ValueTask<bool> FetchAllAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var room = inHand.ReserveUpTo(options.Value.BatchSize);
            if (room == 0)
            {
                inHand.WaitForRoom();
                return false;
            }

            if (await FetchAsync(room, stop).ConfigureAwait(false) < room)
            {
                inHand.StoreIsEmpty();
                return true;
            }
        }

        return false;
    }

    private async ValueTask<int> FetchAsync(int room, CancellationToken stop)
    {
        var lease = inHand.NewLease();
        IReadOnlyList<LeasedDelivery> leased = [];
        try
        {
            leased = await store.Required.LeaseAsync(new LeaseRequest(lease, time.GetUtcNow(), room), stop).ConfigureAwait(false);
        }
        finally
        {
            inHand.Free(room - leased.Count);
        }

        foreach (var delivery in leased)
        {
            inHand.Add(new HeldDelivery(delivery, lease.Until));
        }

        return leased.Count;
    }

    // Deliveries due before the next poll start on time; anything later is seen by a poll.
    private void SetTimer(ITimer timer, DateTimeOffset? due)
    {
        var wait = due - time.GetUtcNow();
        if (wait < options.Value.PollInterval)
        {
            timer.Change(wait.Value > TimeSpan.Zero ? wait.Value : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
