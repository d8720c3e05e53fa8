using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Events;
using Carillon.Events.Internal;

namespace Carillon.Scheduling.Internal;

/// <summary>Makes the deliveries of schedules and scheduled events.</summary>
internal sealed class ScheduleDeliveries(EventCatalog events, DeliveryRecorder recorder, TimeProvider time)
{
    /// <summary>A tick that waits for its time. There is one of a schedule, and one of each start.</summary>
    internal NewDelivery Wait(ScheduleTick tick) => new()
    {
        Envelope = recorder.Seal(ScheduleTick.EventType, tick, context: null, cause: null),
        ListenerId = ScheduleTick.ListenerId(tick.Schedule),
        DueAt = tick.IsPaused ? ScheduleTick.Paused : tick.At,
        Unique = new DeliveryUniqueness(ScheduleTick.UniqueKey(tick.Schedule), UniqueUntil.Done),
    };

    /// <summary>The tick of a start, which several processes write within a while and one of them runs.</summary>
    internal NewDelivery Start(RecurringSchedule schedule)
    {
        var now = time.GetUtcNow();
        var tick = new ScheduleTick(schedule.Name, now, schedule.Text) { IsStart = true };
        return new NewDelivery
        {
            Envelope = recorder.Seal(ScheduleTick.EventType, tick, context: null, cause: null),
            ListenerId = ScheduleTick.ListenerId(schedule.Name),
            DueAt = now,
            Unique = new DeliveryUniqueness($"{ScheduleTick.UniqueKey(schedule.Name)}:start", UniqueUntil.Done) { EndsAt = now + schedule.Options.StartWindow },
        };
    }

    /// <summary>One run of a schedule, due now.</summary>
    internal NewDelivery RunOf(RecurringSchedule schedule, ScheduleContext context)
    {
        var @event = schedule.Create(context)
            ?? throw new CarillonException($"The schedule '{schedule.Name}' made null of its time {context.At:u}: make an event, or leave times out with the schedule itself.");
        var unique = schedule.Options.SkipWhileRunning ? new DeliveryUniqueness($"{DueEvent.ListenerId}:{schedule.Name}", UniqueUntil.Done) : null;
        return Event(@event, time.GetUtcNow(), cause: null, unique);
    }

    /// <summary>An event that is dispatched when it is due.</summary>
    internal NewDelivery Event(object @event, DateTimeOffset dueAt, Envelopes.Envelope? cause, DeliveryUniqueness? unique = null) => new()
    {
        Envelope = recorder.Seal(Named(@event), @event, context: null, cause),
        ListenerId = DueEvent.ListenerId,
        DueAt = dueAt,
        Unique = unique,
    };

    private EventType Named(object @event) =>
        events.Find(@event.GetType())
        ?? throw new CarillonException(
            $"An event of the type '{@event.GetType()}' cannot be scheduled: it has no name under which it could be stored. Mark it with [Event(\"entity.action\")] in an assembly "
            + "whose listeners are added, or call AddEvent<T>() for it in AddCarillon.");
}
