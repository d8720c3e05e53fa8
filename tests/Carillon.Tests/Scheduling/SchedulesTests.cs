using System.Globalization;
using Carillon.Scheduling;

namespace Carillon.Tests.Scheduling;

public sealed class SchedulesTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_interval_is_in_step_with_the_clock_whenever_one_asks()
    {
        var everyTenMinutes = Schedules.Every(TimeSpan.FromMinutes(10));

        everyTenMinutes.Next(Noon).ShouldBe(Noon.AddMinutes(10));
        everyTenMinutes.Next(Noon.AddSeconds(1)).ShouldBe(Noon.AddMinutes(10));
        everyTenMinutes.Next(Noon.AddTicks(-1)).ShouldBe(Noon);
        everyTenMinutes.Next(Noon.AddMinutes(9.99)).ShouldBe(Noon.AddMinutes(10));
    }

    [Fact]
    public void Intervals_before_their_zero_point_are_in_step_too()
    {
        var weekly = Schedules.Every(TimeSpan.FromDays(7));

        weekly.Next(new DateTimeOffset(1999, 12, 30, 0, 0, 0, TimeSpan.Zero)).ShouldBe(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));
        weekly.Next(new DateTimeOffset(1999, 12, 25, 0, 0, 0, TimeSpan.Zero)).ShouldBe(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Schedules.Every(TimeSpan.FromDays(1)).Next(DateTimeOffset.MaxValue).ShouldBeNull();
    }

    [Fact]
    public void An_interval_below_a_second_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Schedules.Every(TimeSpan.FromMilliseconds(999)));

    [Theory] // Conformance 381: right after a missing time, once in a doubled one
    [InlineData("Europe/Vienna", "02:30", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("Europe/Vienna", "03:00", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T01:00:00Z")]
    [InlineData("Europe/Vienna", "02:30", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("America/New_York", "02:30", "2026-03-07T12:00:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z")]
    [InlineData("America/New_York", "01:30", "2026-10-31T12:00:00Z", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z")]
    [InlineData("Australia/Lord_Howe", "02:15", "2026-10-03T00:00:00Z", "2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z")]
    [InlineData("Australia/Lord_Howe", "01:45", "2026-04-04T00:00:00Z", "2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z")]
    [InlineData("UTC", "02:30", "2026-03-28T12:00:00Z", "2026-03-29T02:30:00Z", "2026-03-30T02:30:00Z")]
    public void A_time_of_day_comes_once_whatever_the_clocks_do(string zone, string at, string after, string first, string second)
    {
        var daily = Schedules.Daily(TimeOnly.Parse(at, CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(zone));

        daily.Next(Utc(after)).ShouldBe(Utc(first));
        daily.Next(Utc(first)).ShouldBe(Utc(second));
    }

    [Theory] // Conformance 381
    [InlineData("Europe/Vienna")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("UTC")]
    public void In_eight_years_every_day_has_one_run_and_it_is_at_its_time_or_right_after_a_gap(string id)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
        for (var at = new TimeOnly(0, 0); ; at = at.AddMinutes(15))
        {
            var daily = Schedules.Daily(at, zone);
            var run = LocalMidnight(2024, zone).AddTicks(-1);
            for (var day = new DateOnly(2024, 1, 1); day.Year < 2032; day = day.AddDays(1))
            {
                run = daily.Next(run)!.Value;
                var shown = TimeZoneInfo.ConvertTime(run, zone).DateTime;
                DateOnly.FromDateTime(shown).ShouldBe(day);
                if (TimeOnly.FromDateTime(shown) != at)
                {
                    zone.IsInvalidTime(day.ToDateTime(at)).ShouldBeTrue($"{shown} is not {at}");
                    TimeZoneInfo.ConvertTime(run.AddTicks(-1), zone).DateTime.ShouldBeLessThan(day.ToDateTime(at));
                }
            }

            if (at == new TimeOnly(23, 45))
            {
                return;
            }
        }
    }

    [Fact]
    public void Certain_days_of_the_week_are_those_of_the_zone()
    {
        // In Auckland it is Monday already.
        var weekly = Schedules.Weekly(new TimeOnly(8, 0), [DayOfWeek.Monday, DayOfWeek.Thursday], TimeZoneInfo.FindSystemTimeZoneById("Pacific/Auckland"));

        weekly.Next(Utc("2026-06-20T12:00:00Z")).ShouldBe(Utc("2026-06-21T20:00:00Z"));
        weekly.Next(Utc("2026-06-21T20:00:00Z")).ShouldBe(Utc("2026-06-24T20:00:00Z"));
        Should.Throw<ArgumentException>(() => Schedules.Weekly(new TimeOnly(8, 0), []));
    }

    [Fact]
    public void A_schedule_says_which_times_it_has()
    {
        Schedules.Every(TimeSpan.FromMinutes(10)).ToString().ShouldBe("every 00:10:00");
        Schedules.Daily(new TimeOnly(3, 0), TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna")).ToString().ShouldBe("daily at 03:00:00 Europe/Vienna");
        Schedules.Weekly(new TimeOnly(3, 0), [DayOfWeek.Monday]).ToString().ShouldBe("Monday at 03:00:00 UTC");
        Schedules.Never.ToString().ShouldBe("never");
    }

    private static DateTimeOffset LocalMidnight(int year, TimeZoneInfo zone) => new(new DateTime(year, 1, 1), zone.GetUtcOffset(new DateTime(year, 1, 1)));

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
