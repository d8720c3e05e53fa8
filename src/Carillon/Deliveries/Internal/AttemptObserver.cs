using System.Diagnostics;
using Carillon.Diagnostics.Internal;

namespace Carillon.Deliveries.Internal;

/// <summary>Makes a span of each attempt and measures it, while somebody wants that.</summary>
/// <remarks>Each attempt is a child of the span that has stored the event: a retry stands beside the attempts before it, hours later and in another process too.</remarks>
internal sealed class AttemptObserver(DeliveryMetrics metrics, TimeProvider time)
{
    /// <summary>What a listener that has rejected its event has failed with.</summary>
    private const string Rejected = "rejected";

    internal bool IsWanted => Telemetry.Source.HasListeners() || metrics.MeasuresAttempts;

    /// <summary>To be called in the method that runs the attempt: the span is the one that its listener is in.</summary>
    internal (Span Span, long Started) Begin(LeasedDelivery delivery)
    {
        var span = StartSpan(delivery);
        metrics.Began(delivery, time.GetUtcNow());
        return (span, time.GetTimestamp());
    }

    /// <param name="observed">What <see cref="Begin"/> has returned.</param>
    /// <param name="held">The delivery.</param>
    /// <param name="settlement">What becomes of it; null if it was settled in the transaction of its listener.</param>
    internal void End((Span Span, long Started) observed, HeldDelivery held, Settlement? settlement)
    {
        var (span, started) = observed;
        var outcome = held.IsLost ? "lost" : WordOf(settlement?.Outcome ?? DeliveryOutcome.Completed);
        var isRejected = held.Failure is null && settlement?.Outcome is DeliveryOutcome.Retry or DeliveryOutcome.Failed;
        metrics.Ended(held.Delivery, time.GetElapsedTime(started), outcome, isRejected ? Rejected : held.Failure?.GetType().FullName);
        if (held.Failure is { } failure)
        {
            span.Fail(failure);
        }
        else if (isRejected)
        {
            span.Fail(Rejected, settlement!.Error);
        }

        span.Tag(Tags.Outcome, outcome).End();
    }

    private static Span StartSpan(LeasedDelivery delivery)
    {
        if (!Telemetry.Source.HasListeners())
        {
            return default;
        }

        var envelope = delivery.Envelope;
        ActivityContext.TryParse(envelope.TraceParent, envelope.TraceState, isRemote: true, out var parent);
        var span = Span.StartUnder($"process {delivery.Queue}", ActivityKind.Consumer, parent);
        return !span.IsRecorded ? span : span
            .Tag(Tags.System, DeliverySpans.System)
            .Tag(Tags.OperationName, "process")
            .Tag(Tags.OperationType, "process")
            .Tag(Tags.Queue, delivery.Queue)
            .Tag(Tags.EventId, envelope.Id.ToString())
            .Tag(Tags.CorrelationId, envelope.CorrelationId)
            .Tag(Tags.BodySize, envelope.Payload.Length)
            .Tag(Tags.EventName, envelope.EventName)
            .Tag(Tags.ListenerId, delivery.ListenerId)
            .Tag(Tags.DeliveryId, delivery.Id)
            .Tag(Tags.Attempt, delivery.Attempt);
    }

    private static string WordOf(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Completed => "completed",
        DeliveryOutcome.Retry => "retried",
        DeliveryOutcome.Failed => "failed",
        DeliveryOutcome.Released => "released",
        DeliveryOutcome.Parked => "parked",
        DeliveryOutcome.Snoozed => "snoozed",
        DeliveryOutcome.Discarded => "discarded",
        _ => "cancelled",
    };
}
