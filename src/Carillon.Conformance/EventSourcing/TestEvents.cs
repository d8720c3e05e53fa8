using System.Globalization;
using System.Text;
using Carillon.Envelopes;
using Carillon.EventSourcing;

namespace Carillon.Conformance.EventSourcing;

/// <summary>Events for tests: what a test does not care about has a value already.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public static class TestEvents
{
    private static int _count;

    /// <summary>When the events were dispatched, unless a test says something else.</summary>
    public static DateTimeOffset Time { get; } = new DateTimeOffset(2026, 3, 1, 11, 59, 59, TimeSpan.Zero).AddTicks(1);

    /// <summary>A new event.</summary>
    /// <param name="eventName">Its name.</param>
    /// <param name="payload">The event as bytes; null for an object with a number that no other has.</param>
    public static NewEvent New(string eventName = "poll.created", byte[]? payload = null)
    {
        var number = Interlocked.Increment(ref _count);
        return new NewEvent
        {
            Envelope = new Envelope
            {
                Id = Guid.CreateVersion7(Time),
                EventName = eventName,
                Time = Time,
                CorrelationId = "correlation",
                Payload = payload ?? Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"number":{{number}}}""")),
            },
        };
    }

    /// <summary>So many of them.</summary>
    /// <param name="count">How many.</param>
    public static NewEvent[] Many(int count) => [.. Enumerable.Range(0, count).Select(_ => New())];
}
