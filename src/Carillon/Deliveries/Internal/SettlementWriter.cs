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

    /// <summary>So long what the store has deferred is left alone.</summary>
    internal static readonly TimeSpan Deferral = TimeSpan.FromMilliseconds(500);

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
        var deferred = new List<Task>();
        while (await _ended.Reader.WaitToReadAsync(giveUp).ConfigureAwait(false))
        {
            while (settlements.Count < MaxBatch && _ended.Reader.TryRead(out var ended))
            {
                held.Add(ended.Held);
                settlements.Add(ended.Settlement);
            }

            await WriteAsync(settlements, giveUp).ConfigureAwait(false);
            End(held, settlements);
            deferred.RemoveAll(static each => each.IsCompletedSuccessfully);
            if (held.Count > 0)
            {
                deferred.Add(WriteDeferredAsync([.. held], [.. settlements], giveUp));
            }

            held.Clear();
            settlements.Clear();
        }

        await Task.WhenAll(deferred).ConfigureAwait(false);
    }

    // Beside all others, which do not wait for it; it stays in hand meanwhile, and its lease is extended.
    private async Task WriteDeferredAsync(List<HeldDelivery> held, List<Settlement> settlements, CancellationToken giveUp)
    {
        while (held.Count > 0)
        {
            await Task.Delay(Deferral, time, giveUp).ConfigureAwait(false);
            await WriteAsync(settlements, giveUp).ConfigureAwait(false);
            End(held, settlements);
        }
    }

    /// <summary>Those that are settled leave this process. What the store has deferred is what is left of both lists.</summary>
    private void End(List<HeldDelivery> held, List<Settlement> settlements)
    {
        var now = time.GetUtcNow();
        var left = 0;
        for (var index = 0; index < settlements.Count; index++)
        {
            if (settlements[index].IsDeferred)
            {
                (held[left], settlements[left]) = (held[index], settlements[index]);
                left++;
                continue;
            }

            inHand.Remove(held[index]);
            if (settlements[index].RetryAt is { } due)
            {
                // Nobody has asked the store for this time yet.
                clock.Note(due);
            }

            held[index].Lane.Note(now - held[index].Since);
            LetOthersGoOn(held[index]);
        }

        held.RemoveRange(left, held.Count - left);
        settlements.RemoveRange(left, settlements.Count - left);
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
