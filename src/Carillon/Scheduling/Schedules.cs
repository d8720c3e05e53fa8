using Carillon.Scheduling.Internal;

namespace Carillon.Scheduling;

/// <summary>Ready-made schedules.</summary>
public static class Schedules
{
    /// <summary>No time at all: for what runs at start only (<see cref="ScheduleOptions.RunAtStart"/>) or when somebody says so (<see cref="ISchedules.RunAsync"/>).</summary>
    public static ISchedule Never { get; } = new NoSchedule();

    /// <summary>
    /// Again and again, in step with the clock and not with the start of a process: every ten minutes is at :00, :10, :20, in all processes alike. The steps
    /// are counted in UTC from midnight of the first of January 2000, a Saturday.
    /// </summary>
    /// <param name="interval">How often; at least one second.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is shorter than one second.</exception>
    public static ISchedule Every(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, IntervalSchedule.Shortest);
        return new IntervalSchedule(interval);
    }

    /// <summary>Once a day. A time that the change of clocks leaves out is made up for right after the gap; one that it doubles counts once, the first time.</summary>
    /// <param name="at">The time of day.</param>
    /// <param name="zone">Where it is that time; null, the default, for UTC.</param>
    public static ISchedule Daily(TimeOnly at, TimeZoneInfo? zone = null) => new DailySchedule(at, zone ?? TimeZoneInfo.Utc, []);

    /// <summary>Once on certain days of the week. What the change of clocks means is as with <see cref="Daily"/>.</summary>
    /// <param name="at">The time of day.</param>
    /// <param name="days">The days, in the same zone; at least one.</param>
    /// <param name="zone">Where it is that time; null, the default, for UTC.</param>
    /// <exception cref="ArgumentException">No day is named.</exception>
    public static ISchedule Weekly(TimeOnly at, IReadOnlyCollection<DayOfWeek> days, TimeZoneInfo? zone = null)
    {
        ArgumentNullException.ThrowIfNull(days);
        return days.Count > 0
            ? new DailySchedule(at, zone ?? TimeZoneInfo.Utc, [.. days.Distinct().Order()])
            : throw new ArgumentException("A weekly schedule names at least one day.", nameof(days));
    }
}
