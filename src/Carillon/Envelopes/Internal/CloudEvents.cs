namespace Carillon.Envelopes.Internal;

/// <summary>The words of CloudEvents 1.0, and those that Carillon adds as its format allows.</summary>
internal static class CloudEvents
{
    internal const string SpecVersion = "1.0";

    /// <summary>What stands before an attribute that is a header.</summary>
    internal const string Prefix = "cloudEvents:";

    /// <summary>The same for senders whose headers have no colons.</summary>
    internal const string OtherPrefix = "cloudEvents_";

    internal const string Json = "application/json";

    internal const string Structured = "application/cloudevents+json";

    internal const string Version = "specversion";
    internal const string Id = "id";
    internal const string Type = "type";
    internal const string Source = "source";
    internal const string Time = "time";
    internal const string DataContentType = "datacontenttype";
    internal const string EventVersion = "eventversion";
    internal const string CorrelationId = "correlationid";
    internal const string CausationId = "causationid";
    internal const string PartitionKey = "partitionkey";
    internal const string TraceParent = "traceparent";
    internal const string TraceState = "tracestate";
}
