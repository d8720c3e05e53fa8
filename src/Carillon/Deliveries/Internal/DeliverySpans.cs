using System.Diagnostics;
using Carillon.Diagnostics.Internal;

namespace Carillon.Deliveries.Internal;

/// <summary>
/// The span in which an event is captured for its durable listeners: <c>send</c> if it is committed at once, <c>create</c> if a unit of work commits it later. Its context
/// travels with the event, and every attempt is its child.
/// </summary>
internal static class DeliverySpans
{
    internal const string System = "carillon";

    private const string Send = "send";
    private const string Create = "create";

    internal static Span Start(bool isCommitted) =>
        Telemetry.Source.HasListeners() ? Span.Start(isCommitted ? Send : Create, ActivityKind.Producer) : default;

    /// <param name="span">The span.</param>
    /// <param name="isCommitted">As it was started.</param>
    /// <param name="deliveries">Those of one event.</param>
    internal static void Describe(Span span, bool isCommitted, IReadOnlyList<NewDelivery> deliveries)
    {
        if (!span.IsRecorded)
        {
            return;
        }

        var operation = isCommitted ? Send : Create;
        var envelope = deliveries[0].Envelope;
        if (deliveries.All(delivery => delivery.Queue == deliveries[0].Queue))
        {
            span.Rename($"{operation} {deliveries[0].Queue}").Tag(Tags.Queue, deliveries[0].Queue);
        }

        span.Tag(Tags.System, System)
            .Tag(Tags.OperationName, operation)
            .Tag(Tags.OperationType, operation)
            .Tag(Tags.EventId, envelope.Id.ToString())
            .Tag(Tags.CorrelationId, envelope.CorrelationId)
            .Tag(Tags.BodySize, envelope.Payload.Length)
            .Tag(Tags.EventName, envelope.EventName)
            .Tag(Tags.Deliveries, deliveries.Count);
    }
}
