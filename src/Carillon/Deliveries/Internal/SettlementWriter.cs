using System.Threading.Channels;
using Carillon.Diagnostics.Internal;
using Carillon.Retries;
using Microsoft.Extensions.Logging;

namespace Carillon.Deliveries.Internal;

/// <summary>Writes down how attempts ended, as many at once as have ended since the last write. What cannot be written is tried again until it can.</summary>
internal sealed class SettlementWriter(
    StoreSlot store, JointSettlement joint, DeliveriesInHand inHand, TimeProvider time, JitterSource jitter, Loggers loggers)
{
    private readonly ILogger _logger = loggers.Worker;

    private const int MaxBatch = 1000;

    private readonly Channel<(HeldDelivery Held, Settlement Settlement)> _ended =
        Channel.CreateUnbounded<(HeldDelivery, Settlement)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly BackOff _backOff = new(
        new RetryOptions { FirstDelay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromSeconds(5) }, jitter.Next);

    internal void Add(HeldDelivery held, Settlement settlement) => _ended.Writer.TryWrite((held, settlement));

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

            await WriteJointlyAsync(settlements, giveUp).ConfigureAwait(false);
            await WriteAsync(settlements, giveUp).ConfigureAwait(false);
            held.ForEach(inHand.Remove);
            if (settlements.Exists(static settlement => settlement.Outcome == DeliveryOutcome.Retry))
            {
                // The leaser sleeps until the next poll and does not know of these times yet.
                inHand.Poll();
            }

            held.Clear();
            settlements.Clear();
        }
    }

    // Those that leave deliveries, which are few: each in a transaction of its own, so that one whose lease was lost takes no other with it.
    private async ValueTask WriteJointlyAsync(List<Settlement> settlements, CancellationToken giveUp)
    {
        if (!settlements.Exists(static settlement => settlement.Leaves.Count > 0))
        {
            return;
        }

        foreach (var settlement in settlements.Where(static settlement => settlement.Leaves.Count > 0))
        {
            await WriteJointlyAsync(settlement, giveUp).ConfigureAwait(false);
        }

        settlements.RemoveAll(static settlement => settlement.Leaves.Count > 0);
        inHand.LookIntoStore();
    }

    private async ValueTask WriteJointlyAsync(Settlement settlement, CancellationToken giveUp)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (!await joint.WriteAsync(settlement, giveUp).ConfigureAwait(false))
                {
                    Log.LeaseLost(_logger, settlement.Delivery.ListenerId, settlement.Delivery.Envelope.EventName, settlement.Delivery.Envelope.Id);
                }

                return;
            }
            catch (Exception exception) when (!giveUp.IsCancellationRequested)
            {
                var delay = _backOff.After(attempt);
                Log.StoreUnavailable(_logger, "settled deliveries", delay, exception);
                await Task.Delay(delay, time, giveUp).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask WriteAsync(List<Settlement> settlements, CancellationToken giveUp)
    {
        if (settlements.Count == 0)
        {
            return;
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                foreach (var lost in await store.Required.SettleAsync(settlements, giveUp).ConfigureAwait(false))
                {
                    Log.LeaseLost(_logger, lost.ListenerId, lost.Envelope.EventName, lost.Envelope.Id);
                }

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
