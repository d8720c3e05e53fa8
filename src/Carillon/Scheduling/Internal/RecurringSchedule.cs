using Carillon.Deliveries.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Scheduling.Internal;

/// <summary>What the application has said of one schedule.</summary>
internal sealed class RecurringSchedule
{
    internal RecurringSchedule(string name, ISchedule times, Type eventType, Func<ScheduleContext, object> create, ScheduleOptions options)
    {
        Name = name;
        Times = times;
        EventType = eventType;
        Create = create;
        Options = options;
        Listener = new Listener(ScheduleTick.ListenerId(name), typeof(ScheduleTick), Take) { Delivery = Delivery.Durable, LeavesWithOutcome = true };
    }

    internal string Name { get; }

    internal ISchedule Times { get; }

    /// <summary>The type that the event has, or can be assigned to.</summary>
    internal Type EventType { get; }

    internal Func<ScheduleContext, object> Create { get; }

    internal ScheduleOptions Options { get; }

    /// <summary>Takes the ticks.</summary>
    internal Listener Listener { get; }

    internal string Text => Times.ToString() ?? string.Empty;

    /// <summary>The tick of the next time; null if there is none.</summary>
    internal ScheduleTick? TickAfter(DateTimeOffset after, DateTimeOffset? last) =>
        Times.Next(after) is { } at ? new ScheduleTick(Name, at, Text) { Last = last } : null;

    private ValueTask Take(object @event, in ListenerCall call) =>
        DurableEngine.Get<TickRunner>(call.Services).RunAsync(this, (ScheduleTick)@event, call.Services, call.CancellationToken);
}
