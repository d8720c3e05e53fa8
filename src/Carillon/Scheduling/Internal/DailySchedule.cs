using System.Globalization;

namespace Carillon.Scheduling.Internal;

/// <summary>At a time of day, every day or on some days of the week.</summary>
internal sealed class DailySchedule(TimeOnly at, TimeZoneInfo zone, DayOfWeek[] days) : ISchedule
{
    // A day of the week comes within seven days; a week more, should a zone have skipped one.
    private const int DaysToTry = 15;

    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var local = TimeZoneInfo.ConvertTime(after, zone);

        // From the day before: what a gap has moved over midnight belongs to it.
        var day = DateOnly.FromDateTime(local.DateTime);
        day = day > DateOnly.MinValue ? day.AddDays(-1) : day;
        for (var tried = 0; tried < DaysToTry; tried++, day = day.AddDays(1))
        {
            if ((days.Length == 0 || Array.IndexOf(days, day.DayOfWeek) >= 0) && WallClock.InstantOf(day.ToDateTime(at), zone) is var instant && instant > after)
            {
                return instant;
            }

            if (day >= DateOnly.MaxValue.AddDays(-1))
            {
                return null;
            }
        }

        return null;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(days.Length == 0 ? "daily" : string.Join(", ", days))} at {at:HH':'mm':'ss} {zone.Id}");
}
