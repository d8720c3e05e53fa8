using System.Globalization;
using Carillon.Deliveries;

namespace Carillon.Scheduling;

/// <summary>An event that waits for its time.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class ScheduledEvent
{
    private readonly NewDelivery _delivery;

    internal ScheduledEvent(NewDelivery delivery) => _delivery = delivery;

    /// <summary>The id of the delivery that waits, by which it is cancelled or moved, by this process or another one.</summary>
    /// <exception cref="InvalidOperationException">It belongs to a unit of work that is not committed: it is not stored yet and may never be.</exception>
    public long Id => _delivery.Id > 0
        ? _delivery.Id
        : throw new InvalidOperationException(
            $"The event '{_delivery.Envelope.EventName}' was scheduled in a unit of work that is not committed, so it has no id yet. Ask for it after the commit.");

    /// <summary>The id of the event.</summary>
    public Guid EventId => _delivery.Envelope.Id;

    /// <summary>When it is due (UTC), unless it was moved since.</summary>
    public DateTimeOffset DueAt => _delivery.DueAt;

    /// <summary>The event, when it is due and its id, if it has one yet: <c>trial.ended, due 2030-01-01 12:00:00Z, 42</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{_delivery.Envelope.EventName}, due {DueAt.UtcDateTime:u}, {(_delivery.Id > 0 ? _delivery.Id : "not committed yet")}");
}
