namespace Carillon.Envelopes;

/// <summary>An event as bytes, with its headers: what is stored and sent. Immutable.</summary>
public sealed class Envelope
{
    /// <summary>The id of the event, a UUID of version 7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name of the event, <c>poll.created</c>; never a CLR type name.</summary>
    public required string EventName { get; init; }

    /// <summary>The version of the event's shape, counted from 1.</summary>
    public int EventVersion { get; init; } = 1;

    /// <summary>When the event was dispatched (UTC).</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What belongs together: the id of the first event of a chain, handed on to every event that it causes.</summary>
    public required string CorrelationId { get; init; }

    /// <summary>The event whose durable listener dispatched this one; null at the start of a chain.</summary>
    public Guid? CausationId { get; init; }

    /// <summary>The W3C <c>traceparent</c> of the dispatch; null if it was not traced.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The W3C <c>tracestate</c> of the dispatch; null if there was none.</summary>
    public string? TraceState { get; init; }

    /// <summary>The event as UTF-8 JSON.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }
}
