using System.Buffers.Binary;
using Carillon.Deliveries;
using Carillon.Envelopes;

namespace Carillon.Stores.Tests;

internal static class Deliveries
{
    private static long _count;

    internal static NewDelivery New(
        string eventName = "poll.created",
        string listenerId = "Sitemap",
        DateTimeOffset? dueAt = null,
        byte[]? payload = null,
        DeliveryLease? lease = null)
    {
        var time = new DateTimeOffset(2026, 3, 1, 11, 59, 59, TimeSpan.Zero).AddTicks(1);
        return new NewDelivery
        {
            Envelope = new Envelope
            {
                Id = NewId(),
                EventName = eventName,
                EventVersion = 2,
                Time = time,
                CorrelationId = "correlation",
                Payload = payload ?? "{}"u8.ToArray(),
            },
            ListenerId = listenerId,
            DueAt = dueAt ?? time,
            Lease = lease,
        };
    }

    internal static Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Interlocked.Increment(ref _count));
        return new Guid(bytes, bigEndian: true);
    }
}
