namespace Carillon.Diagnostics.Internal;

/// <summary>The names of all tags of spans and measures: those of OpenTelemetry's conventions for messaging where they have one, and Carillon's own.</summary>
internal static class Tags
{
    internal const string System = "messaging.system";
    internal const string OperationName = "messaging.operation.name";
    internal const string OperationType = "messaging.operation.type";
    internal const string Queue = "messaging.destination.name";
    internal const string EventId = "messaging.message.id";
    internal const string CorrelationId = "messaging.message.conversation_id";
    internal const string BodySize = "messaging.message.body.size";
    internal const string Error = "error.type";

    internal const string EventName = "carillon.event.name";
    internal const string ListenerId = "carillon.listener.id";
    internal const string DeliveryId = "carillon.delivery.id";
    internal const string Deliveries = "carillon.delivery.count";
    internal const string Attempt = "carillon.delivery.attempt";
    internal const string Saga = "carillon.saga.name";
    internal const string SagaStatus = "carillon.saga.status";
    internal const string Reason = "carillon.saga.reason";
    internal const string Projection = "carillon.projection.name";
    internal const string ProjectionStatus = "carillon.projection.status";
    internal const string Outcome = "carillon.delivery.outcome";
}
