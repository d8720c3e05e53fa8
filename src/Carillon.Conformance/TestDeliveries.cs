using System.Buffers.Binary;
using Carillon.Deliveries;
using Carillon.Envelopes;

namespace Carillon.Conformance;

/// <summary>Deliveries for tests: what a test does not care about has a value already.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public static class TestDeliveries
{
    private static long _count;

    /// <summary>When the events of test deliveries were dispatched, unless a test says something else: a moment before a test begins.</summary>
    public static DateTimeOffset Time { get; } = new DateTimeOffset(2026, 3, 1, 11, 59, 59, TimeSpan.Zero).AddTicks(1);

    /// <summary>A delivery of a new event.</summary>
    /// <param name="eventName">The event.</param>
    /// <param name="listenerId">The listener.</param>
    /// <param name="dueAt">When it may run first; null for at once.</param>
    /// <param name="payload">The event as bytes; null for an empty object.</param>
    /// <param name="lease">Set to have it written as leased.</param>
    /// <param name="queue">The queue; null for the default one.</param>
    /// <param name="priority">Its place among those that are due.</param>
    /// <param name="key">What it has in common with others.</param>
    /// <param name="unique">What keeps others out.</param>
    /// <param name="time">When the event was dispatched; null for <see cref="Time"/>.</param>
    public static NewDelivery New(
        string eventName = "poll.created",
        string listenerId = "Sitemap",
        DateTimeOffset? dueAt = null,
        byte[]? payload = null,
        DeliveryLease? lease = null,
        string? queue = null,
        DeliveryPriority priority = DeliveryPriority.Normal,
        DeliveryKey? key = null,
        DeliveryUniqueness? unique = null,
        DateTimeOffset? time = null) => new()
        {
            Envelope = new Envelope
            {
                Id = NewId(),
                EventName = eventName,
                EventVersion = 2,
                Time = time ?? Time,
                CorrelationId = "correlation",
                Payload = payload ?? "{}"u8.ToArray(),
            },
            ListenerId = listenerId,
            DueAt = dueAt ?? time ?? Time,
            Lease = lease,
            Queue = queue ?? Queues.Default,
            Priority = priority,
            Key = key,
            Unique = unique,
        };

    private static Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Interlocked.Increment(ref _count));
        return new Guid(bytes, bigEndian: true);
    }
}
