using System.Globalization;

namespace Carillon.Quartz.Tests;

public sealed class CronScheduleTests
{
    [Theory] // Conformance 371, 381
    [InlineData("Europe/Vienna", "0 30 2 * * ?", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z 2026-03-30T00:30:00Z")]
    [InlineData("Europe/Vienna", "0 0 2,3 * * ?", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z 2026-03-30T00:00:00Z 2026-03-30T01:00:00Z")]
    [InlineData("Europe/Vienna", "0 30 2 * * ?", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z 2026-10-26T01:30:00Z")]
    [InlineData("Europe/Vienna", "0 0/20 2 * * ?", "2026-10-24T12:00:00Z", "2026-10-25T00:00:00Z 2026-10-25T00:20:00Z 2026-10-25T00:40:00Z 2026-10-26T01:00:00Z")]
    [InlineData("Europe/Vienna", "0 0 1-3 * * ?", "2026-10-24T12:00:00Z", "2026-10-24T23:00:00Z 2026-10-25T00:00:00Z 2026-10-25T02:00:00Z 2026-10-26T00:00:00Z")]
    [InlineData("Europe/Vienna", "0 0 * * * ?", "2026-10-24T23:30:00Z", "2026-10-25T00:00:00Z 2026-10-25T01:00:00Z 2026-10-25T02:00:00Z")]
    [InlineData("Europe/Vienna", "0 0 * * * ?", "2026-03-28T23:30:00Z", "2026-03-29T00:00:00Z 2026-03-29T01:00:00Z 2026-03-29T02:00:00Z")]
    [InlineData("America/New_York", "0 30 2 * * ?", "2026-03-07T12:00:00Z", "2026-03-08T07:00:00Z 2026-03-09T06:30:00Z")]
    [InlineData("America/New_York", "0 30 1 * * ?", "2026-10-31T12:00:00Z", "2026-11-01T05:30:00Z 2026-11-02T06:30:00Z")]
    [InlineData("Australia/Lord_Howe", "0 15 2 * * ?", "2026-10-03T00:00:00Z", "2026-10-03T15:30:00Z 2026-10-04T15:15:00Z")]
    [InlineData("Australia/Lord_Howe", "0 45 1 * * ?", "2026-04-04T00:00:00Z", "2026-04-04T14:45:00Z 2026-04-05T15:15:00Z")]
    [InlineData("UTC", "0 0 0 L * ?", "2028-02-01T00:00:00Z", "2028-02-29T00:00:00Z 2028-03-31T00:00:00Z")]
    [InlineData("UTC", "0 0 9 ? * MON#1", "2026-06-01T10:00:00Z", "2026-07-06T09:00:00Z 2026-08-03T09:00:00Z")]
    public void The_times_are_those_of_the_zone_and_each_comes_once(string zone, string expression, string after, string expected)
    {
        var cron = new CronSchedule(expression, TimeZoneInfo.FindSystemTimeZoneById(zone));
        var last = Utc(after);

        foreach (var time in expected.Split(' ').Select(Utc))
        {
            var next = cron.Next(last).ShouldNotBeNull();
            next.ShouldBe(time);
            next.Offset.ShouldBe(TimeSpan.Zero);
            last = time;
        }
    }

    [Theory] // Conformance 381
    [InlineData("Europe/Vienna")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("UTC")]
    public void In_six_years_a_time_of_day_comes_at_the_first_minute_at_which_the_clocks_have_reached_it(string id)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
        var start = new DateTimeOffset(2023, 12, 31, 0, 0, 0, TimeSpan.Zero);
        var shown = Enumerable.Range(0, 6 * 366 * 24 * 60).Select(minute => TimeZoneInfo.ConvertTime(start.AddMinutes(minute), zone).DateTime).ToArray();
        foreach (var at in (TimeOnly[])[new(0, 0), new(1, 30), new(1, 45), new(2, 0), new(2, 15), new(2, 30), new(3, 0), new(23, 59)])
        {
            var cron = new CronSchedule(string.Create(CultureInfo.InvariantCulture, $"0 {at.Minute} {at.Hour} * * ?"), zone);
            var expected = FirstMinutes(start, shown, new DateOnly(2024, 1, 1).ToDateTime(at)).ToList();

            var times = new List<DateTimeOffset>(expected.Count);
            for (var time = cron.Next(expected[0].AddMinutes(-1)); times.Count < expected.Count; time = cron.Next(time!.Value))
            {
                times.Add(time!.Value);
            }

            times.SequenceEqual(expected).ShouldBeTrue($"{at} in {id}: {times.Zip(expected).FirstOrDefault(pair => pair.First != pair.Second)}");
        }
    }

    [Fact]
    public void An_expression_for_every_hour_keeps_its_pace_through_a_year()
    {
        var cron = new CronSchedule("0 0/10 * * * ?", TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna"));
        for (var time = Utc("2026-01-01T00:00:00Z"); time < Utc("2027-01-01T00:00:00Z"); time = time.AddMinutes(10))
        {
            if (cron.Next(time) != time.AddMinutes(10))
            {
                cron.Next(time).ShouldBe(time.AddMinutes(10));
            }
        }
    }

    [Theory] // Conformance 372
    [InlineData("0 0 3 31 2 ?", "names a date that no year has")]
    [InlineData("0 0 3 29 2 ? 2027", "names a date that no year has")]
    [InlineData("0 0 25 * * ?", "Hour values must be between 0 and 23")]
    [InlineData("every night", "is malformed")]
    [InlineData("", "is malformed")]
    [InlineData("0 3 * * *", "has five fields, as in a crontab; here the seconds come first")]
    public void An_expression_that_cannot_be_says_which_it_is_what_is_wrong_and_how_one_looks(string expression, string reason)
    {
        var fault = new CronSchedule(expression).Fault.ShouldNotBeNull();

        fault.ShouldContain($"'{expression}'");
        fault.ShouldContain(reason);
        fault.ShouldContain("An example: \"0 0 3 * * ?\"");
    }

    [Fact]
    public void A_year_that_has_passed_is_no_fault_and_has_no_next_time()
    {
        var cron = new CronSchedule("0 0 3 1 1 ? 2020");

        cron.Fault.ShouldBeNull();
        cron.Next(Utc("2026-01-01T00:00:00Z")).ShouldBeNull();
    }

    [Fact]
    public void It_says_what_it_is_and_takes_UTC_where_no_zone_is_named()
    {
        new CronSchedule("@daily").ToString().ShouldBe("cron '@daily' UTC");
        new CronSchedule("@daily").Next(Utc("2026-01-01T00:00:00Z")).ShouldBe(Utc("2026-01-02T00:00:00Z"));
        Should.Throw<InvalidOperationException>(() => new CronSchedule("never").Next(default)).Message.ShouldContain("'never'");
    }

    // Minute by minute, without arithmetic on offsets.
    private static IEnumerable<DateTimeOffset> FirstMinutes(DateTimeOffset start, DateTime[] shown, DateTime wanted)
    {
        for (var minute = 0; minute < shown.Length; minute++)
        {
            if (shown[minute] >= wanted)
            {
                yield return start.AddMinutes(minute);
                wanted = wanted.AddDays(1);
            }
        }
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
