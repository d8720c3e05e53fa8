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

    /// <summary>The next time; null if there is none.</summary>
    /// <exception cref="CarillonException">A schedule of the application's own has thrown.</exception>
    internal DateTimeOffset? TimeAfter(DateTimeOffset after)
    {
        try
        {
            return Times.Next(after);
        }
#pragma warning disable CA1031 // Whatever it is, it says neither which schedule it comes from nor what it was asked.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            throw new CarillonException(
                $"The schedule '{Name}' ({Times.GetType()}) could not say its next time after {after:u}: {exception.Message.TrimEnd('.')}. ISchedule.Next should answer for any time, or with null if there is none "
                + "any more; what it depends on should be looked up before, or said by Fault.",
                exception);
        }
    }

    /// <summary>The tick of the next time; null if there is none.</summary>
    internal ScheduleTick? TickAfter(DateTimeOffset after, DateTimeOffset? last) => TimeAfter(after) is { } at ? new ScheduleTick(Name, at, Text) { Last = last } : null;

    private ValueTask Take(object @event, in ListenerCall call) =>
        DurableEngine.Get<TickRunner>(call.Services).RunAsync(this, (ScheduleTick)@event, call.Services, call.CancellationToken);
}
