using Carillon.Hosting.Internal;
using Carillon.Scheduling;
using Carillon.Scheduling.Internal;

namespace Carillon;

/// <summary>What comes back at its time.</summary>
public static class SchedulingCarillonBuilderExtensions
{
    /// <summary>
    /// Dispatches an event at each time of a schedule: once, however many processes there are, and by whichever is there. The next time is kept in the delivery
    /// store.
    /// </summary>
    /// <typeparam name="TEvent">The event.</typeparam>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="name">The name of the schedule, unique in the store; it stands for the schedule when its times change.</param>
    /// <param name="schedule">When: one of <see cref="Schedules"/>, a cron expression of the package Carillon.Quartz, or your own.</param>
    /// <param name="create">Makes the event of a time. Runs in a scope of its own; if it throws, it is called again as a durable listener is.</param>
    /// <param name="configure">What becomes of missed times, whether runs may overlap, whether it runs at start.</param>
    public static CarillonBuilder AddSchedule<TEvent>(
        this CarillonBuilder carillon, string name, ISchedule schedule, Func<ScheduleContext, TEvent> create, Action<ScheduleOptions>? configure = null)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(carillon);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(create);
        var options = new ScheduleOptions();
        configure?.Invoke(options);
        var setup = carillon.Setup;
        CarillonServices.AddEngine(carillon.Services, setup);
        setup.AddEventType(typeof(TEvent));
        setup.AddSchedule(new RecurringSchedule(name, schedule, typeof(TEvent), context => create(context), options));
        return carillon;
    }
}
