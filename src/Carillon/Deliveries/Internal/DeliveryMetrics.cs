using Carillon.Diagnostics.Internal;

namespace Carillon.Deliveries.Internal;

/// <summary>Counts and measures what becomes of deliveries, for whoever reads it.</summary>
internal sealed class DeliveryMetrics(Instruments instruments)
{
    /// <summary>Whether somebody reads what an attempt takes.</summary>
    internal bool MeasuresAttempts => instruments.AttemptDuration.IsEnabled || instruments.Lag.IsEnabled;

    /// <summary>They are committed.</summary>
    internal void Stored(IReadOnlyList<NewDelivery> deliveries)
    {
        if (!instruments.Stored.IsEnabled)
        {
            return;
        }

        foreach (var delivery in deliveries)
        {
            if (!delivery.IsDuplicate)
            {
                instruments.Stored.Add(1, [new(Tags.Queue, delivery.Queue), new(Tags.EventName, delivery.Envelope.EventName), new(Tags.ListenerId, delivery.ListenerId)]);
            }
        }
    }

    /// <summary>So many were leased together.</summary>
    internal void Leased(string queue, int count)
    {
        if (count > 0 && instruments.LeaseSize.IsEnabled)
        {
            instruments.LeaseSize.Record(count, [new(Tags.Queue, queue)]);
        }
    }

    /// <summary>They are written, all but those whose lease was lost.</summary>
    internal void Settled(IReadOnlyList<Settlement> settlements, IReadOnlyList<LeasedDelivery> lost)
    {
        if (instruments.SettleSize.IsEnabled)
        {
            instruments.SettleSize.Record(settlements.Count, []);
        }

        foreach (var settlement in settlements)
        {
            if (!settlement.IsDeferred && (lost.Count == 0 || !lost.Any(each => each.Id == settlement.Delivery.Id)))
            {
                Count(CounterOf(settlement.Outcome), settlement.Delivery);
            }
        }

        foreach (var delivery in lost)
        {
            LeaseLost(delivery);
        }
    }

    /// <summary>The listener's own transaction has completed it, unless its lease was lost.</summary>
    internal void SettledElsewhere(HeldDelivery held)
    {
        if (!held.IsLost)
        {
            Count(instruments.Completed, held.Delivery);
        }
    }

    internal void LeaseLost(LeasedDelivery delivery) => Count(instruments.LeasesLost, delivery);

    /// <summary>By hand: whose they were is not known here.</summary>
    internal void DiscardedByHand(int count) => instruments.Discarded.Add(count, []);

    /// <inheritdoc cref="DiscardedByHand"/>
    internal void CancelledByHand(int count) => instruments.Cancelled.Add(count, []);

    internal void Began(LeasedDelivery delivery, DateTimeOffset now)
    {
        // A store need not say when it was due.
        if (delivery.DueAt != default && instruments.Lag.IsEnabled)
        {
            var lag = now > delivery.DueAt ? (now - delivery.DueAt).TotalSeconds : 0;
            instruments.Lag.Record(lag, [new(Tags.Queue, delivery.Queue), new(Tags.EventName, delivery.Envelope.EventName), new(Tags.ListenerId, delivery.ListenerId)]);
        }
    }

    internal void Ended(LeasedDelivery delivery, TimeSpan duration, string outcome, string? errorType)
    {
        if (!instruments.AttemptDuration.IsEnabled)
        {
            return;
        }

        ReadOnlySpan<KeyValuePair<string, object?>> tags =
        [
            new(Tags.Queue, delivery.Queue),
            new(Tags.EventName, delivery.Envelope.EventName),
            new(Tags.ListenerId, delivery.ListenerId),
            new(Tags.Outcome, outcome),
            new(Tags.Error, errorType),
        ];
        instruments.AttemptDuration.Record(duration.TotalSeconds, errorType is null ? tags[..^1] : tags);
    }

    // What was snoozed or given back is neither good nor bad, and comes again.
    private Counting? CounterOf(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Completed => instruments.Completed,
        DeliveryOutcome.Retry => instruments.Retried,
        DeliveryOutcome.Failed => instruments.Failed,
        DeliveryOutcome.Parked => instruments.Parked,
        DeliveryOutcome.Discarded => instruments.Discarded,
        DeliveryOutcome.Cancelled => instruments.Cancelled,
        _ => null,
    };

    private static void Count(Counting? counter, LeasedDelivery delivery)
    {
        if (counter is { IsEnabled: true } wanted)
        {
            wanted.Add(1, [new(Tags.Queue, delivery.Queue), new(Tags.EventName, delivery.Envelope.EventName), new(Tags.ListenerId, delivery.ListenerId)]);
        }
    }
}
