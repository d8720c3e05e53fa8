using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Events;
using Carillon.Events.Internal;
using Carillon.Jobs.Internal;

namespace Carillon.Scheduling.Internal;

/// <summary>Makes the deliveries of schedules and scheduled events.</summary>
internal sealed class ScheduleDeliveries(EventCatalog events, DeliveryRecorder recorder, JobDeliveries jobs, TimeProvider time)
{
    /// <summary>A tick that waits for its time. There is one of a schedule, and one of each start.</summary>
    internal NewDelivery Wait(ScheduleTick tick) => new()
    {
        Envelope = recorder.Seal(ScheduleTick.EventType, tick, context: null, cause: null, isTraced: false),
        ListenerId = ScheduleTick.ListenerId(tick.Schedule),
        DueAt = tick.IsPaused ? ScheduleTick.Paused : tick.At,
        // Before what waits in a long queue: the schedule goes on in time, and its run waits its turn.
        Priority = DeliveryPriority.High,
        Unique = new DeliveryUniqueness(ScheduleTick.UniqueKey(tick.Schedule), UniqueUntil.Done),
    };

    /// <summary>The tick of a start, which several processes write within a while and one of them runs.</summary>
    internal NewDelivery Start(RecurringSchedule schedule)
    {
        var now = time.GetUtcNow();
        var tick = new ScheduleTick(schedule.Name, now, schedule.Text) { IsStart = true };
        return new NewDelivery
        {
            Envelope = recorder.Seal(ScheduleTick.EventType, tick, context: null, cause: null, isTraced: false),
            ListenerId = ScheduleTick.ListenerId(schedule.Name),
            DueAt = now,
            Unique = new DeliveryUniqueness($"{ScheduleTick.UniqueKey(schedule.Name)}:start", UniqueUntil.Done) { EndsAt = now.After(schedule.Options.StartWindow) },
        };
    }

    /// <summary>The run of a time whose event could not be made, to be tried again while the schedule goes on.</summary>
    internal NewDelivery Again(ScheduleTick tick) => new()
    {
        Envelope = recorder.Seal(ScheduleTick.EventType, tick with { IsStart = true }, context: null, cause: null, isTraced: false),
        ListenerId = ScheduleTick.ListenerId(tick.Schedule),
        DueAt = time.GetUtcNow(),
    };

    /// <summary>One run of a schedule, due now.</summary>
    internal NewDelivery RunOf(RecurringSchedule schedule, ScheduleContext context)
    {
        var @event = schedule.Create(context)
            ?? throw new CarillonException($"The schedule '{schedule.Name}' made null of its time {context.At:u}: make an event, or leave times out with the schedule itself.");
        return @event is IJob job
            ? Job(job, schedule)
            : Event(@event, time.GetUtcNow(), cause: null, Unique(schedule, DueEvent.ListenerId));
    }

    /// <summary>An event that is dispatched when it is due.</summary>
    internal NewDelivery Event(object @event, DateTimeOffset dueAt, Envelopes.Envelope? cause, DeliveryUniqueness? unique = null, Guid? id = null) => new()
    {
        Envelope = recorder.Seal(Named(@event), @event, context: null, cause, newId: id),
        ListenerId = DueEvent.ListenerId,
        DueAt = dueAt,
        Unique = unique,
    };

    private NewDelivery Job(IJob job, RecurringSchedule schedule)
    {
        var run = jobs.Of(job, options: null, cause: null);
        return !schedule.Options.SkipWhileRunning ? run : new NewDelivery
        {
            Envelope = run.Envelope,
            ListenerId = run.ListenerId,
            DueAt = run.DueAt,
            Queue = run.Queue,
            Priority = run.Priority,
            Key = run.Key,
            // In the place of what the handler says of equal jobs: this says more.
            Unique = Unique(schedule, run.ListenerId),
        };
    }

    private static DeliveryUniqueness? Unique(RecurringSchedule schedule, string listenerId) =>
        schedule.Options.SkipWhileRunning
            ? new DeliveryUniqueness(UniqueKey.Of(listenerId, $"{DueEvent.ListenerId}:{schedule.Name}"), UniqueUntil.Done)
            : null;

    private EventType Named(object @event) =>
        events.Find(@event.GetType())
        ?? throw new CarillonException(
            $"An event of the type '{@event.GetType()}' cannot be scheduled: it has no name under which it could be stored. Mark it with [Event(\"entity.action\")] in an assembly "
            + "whose listeners are added, or call AddEvent<T>() for it in AddCarillon.");
}
