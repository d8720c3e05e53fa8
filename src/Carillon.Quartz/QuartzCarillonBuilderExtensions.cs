using Carillon.Quartz;
using Carillon.Scheduling;

namespace Carillon;

/// <summary>Schedules by cron expressions.</summary>
public static class QuartzCarillonBuilderExtensions
{
    /// <summary>Dispatches an event at each time of a cron expression in UTC: once, however many processes there are.</summary>
    /// <typeparam name="TEvent">The event.</typeparam>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="name">The name of the schedule, unique in the store; it stands for the schedule when its expression changes.</param>
    /// <param name="expression">The expression, with the seconds first: <c>0 0 3 * * ?</c> is at three o'clock every night. One that cannot be stops the start of the host.</param>
    /// <param name="create">Makes the event of a time. Runs in a scope of its own; if it throws, it is called again as a durable listener is.</param>
    /// <param name="configure">What becomes of missed times, whether runs may overlap, whether it runs at start.</param>
    public static CarillonBuilder AddCron<TEvent>(
        this CarillonBuilder carillon, string name, string expression, Func<ScheduleContext, TEvent> create, Action<ScheduleOptions>? configure = null)
        where TEvent : notnull =>
        carillon.AddCron(name, expression, zone: null, create, configure);

    /// <summary>Dispatches an event at each time of a cron expression in a time zone: once, however many processes there are.</summary>
    /// <typeparam name="TEvent">The event.</typeparam>
    /// <param name="carillon">The builder of the application.</param>
    /// <param name="name">The name of the schedule, unique in the store; it stands for the schedule when its expression changes.</param>
    /// <param name="expression">The expression, with the seconds first: <c>0 0 3 * * ?</c> is at three o'clock every night. One that cannot be stops the start of the host.</param>
    /// <param name="zone">Where its times are; null for UTC. <see cref="CronSchedule"/> says what happens when its clocks change.</param>
    /// <param name="create">Makes the event of a time. Runs in a scope of its own; if it throws, it is called again as a durable listener is.</param>
    /// <param name="configure">What becomes of missed times, whether runs may overlap, whether it runs at start.</param>
    public static CarillonBuilder AddCron<TEvent>(
        this CarillonBuilder carillon,
        string name,
        string expression,
        TimeZoneInfo? zone,
        Func<ScheduleContext, TEvent> create,
        Action<ScheduleOptions>? configure = null)
        where TEvent : notnull =>
        carillon.AddSchedule(name, new CronSchedule(expression, zone), create, configure);
}
