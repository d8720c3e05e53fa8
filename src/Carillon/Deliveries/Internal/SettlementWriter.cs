using System.Threading.Channels;
using Carillon.Diagnostics.Internal;
using Carillon.Retries;
using Microsoft.Extensions.Logging;

namespace Carillon.Deliveries.Internal;

/// <summary>Writes down how attempts ended, as many at once as have ended since the last write. What cannot be written is tried again until it can.</summary>
internal sealed class SettlementWriter(
    StoreSlot store, DeliveriesInHand inHand, DueClock clock, DeliveryMetrics metrics, TimeProvider time, JitterSource jitter, Loggers loggers)
{
    private readonly ILogger _logger = loggers.Worker;

    private const int MaxBatch = 1000;

    private readonly Channel<(HeldDelivery Held, Settlement Settlement)> _ended =
        Channel.CreateUnbounded<(HeldDelivery, Settlement)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly BackOff _backOff = BackOff.OfStore(jitter);

    internal void Add(HeldDelivery held, Settlement settlement) => _ended.Writer.TryWrite((held, settlement));

    /// <summary>Gives back what has not begun. When nothing is written any more, its lease ends by itself.</summary>
    internal void Release(HeldDelivery held)
    {
        if (!_ended.Writer.TryWrite((held, new Settlement { Delivery = held.Delivery, Outcome = DeliveryOutcome.Released, At = time.GetUtcNow() })))
        {
            inHand.Remove(held);
        }
    }

    /// <summary>The outcome is written already, in the transaction of the listener.</summary>
    internal void SettledElsewhere(HeldDelivery held)
    {
        metrics.SettledElsewhere(held);
        inHand.Remove(held);
        LetOthersGoOn(held);
    }

    internal void Complete() => _ended.Writer.TryComplete();

    /// <summary>Runs until <see cref="Complete"/> was called and everything is written, or until it is told to give up.</summary>
    internal async Task RunAsync(CancellationToken giveUp)
    {
        var held = new List<HeldDelivery>();
        var settlements = new List<Settlement>();
        while (await _ended.Reader.WaitToReadAsync(giveUp).ConfigureAwait(false))
        {
            while (settlements.Count < MaxBatch && _ended.Reader.TryRead(out var ended))
            {
                held.Add(ended.Held);
                settlements.Add(ended.Settlement);
            }

            await WriteAsync(settlements, giveUp).ConfigureAwait(false);
            held.ForEach(inHand.Remove);
            var now = time.GetUtcNow();
            for (var index = 0; index < settlements.Count; index++)
            {
                if (settlements[index].RetryAt is { } due)
                {
                    // Nobody has asked the store for this time yet.
                    clock.Note(due);
                }

                held[index].Lane.Note(now - held[index].Since);
                LetOthersGoOn(held[index]);
            }

            held.Clear();
            settlements.Clear();
        }
    }

    // Behind a key or a limit others may have waited for this one.
    private void LetOthersGoOn(HeldDelivery held)
    {
        if (held.Delivery.Key is null && held.Lane.Settings.Limit == 0)
        {
            return;
        }

        held.Lane.Poll();
        if (!held.Lane.HasRoom)
        {
            store.Required.Announce();
        }
    }

    private async ValueTask WriteAsync(List<Settlement> settlements, CancellationToken giveUp)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var lost = await store.Required.SettleAsync(settlements, giveUp).ConfigureAwait(false);
                foreach (var delivery in lost)
                {
                    Log.LeaseLost(_logger, delivery.ListenerId, delivery.Envelope.EventName, delivery.Envelope.Id);
                }

                metrics.Settled(settlements, lost);

                return;
            }
            catch (Exception exception) when (!giveUp.IsCancellationRequested)
            {
                // The leases go on being extended meanwhile, so the results are still this worker's to write when the store is back.
                var delay = _backOff.After(attempt);
                Log.StoreUnavailable(_logger, "settled deliveries", delay, exception);
                await Task.Delay(delay, time, giveUp).ConfigureAwait(false);
            }
        }
    }
}
