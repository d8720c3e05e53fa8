using Carillon.Deliveries;
using Carillon.Scheduling;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Scheduling;

public sealed class ScheduleControlTests : CountingSchedule
{
    [Fact] // Conformance 377
    public async Task A_schedule_that_was_taken_out_of_the_code_does_not_run_and_is_shown()
    {
        await using (await StartAsync(EveryTenMinutes()))
        {
        }

        await using var application = await StartAsync(carillon => carillon.AddSchedule("other", Schedules.Every(TimeSpan.FromDays(1)), _ => new NumberCounted(1)));
        await AdvanceAsync(TimeSpan.FromMinutes(30), application);

        Runs.ShouldBeEmpty();
        var parked = (await ListAsync()).Single(delivery => delivery.State == DeliveryState.Parked);
        parked.Error.ShouldNotBeNull().ShouldContain("carillon.tick:counting");
        var schedules = application.Services.GetRequiredService<ISchedules>();
        var removed = (await schedules.ListAsync(Cancellation)).Single(schedule => schedule.Name == "counting");
        removed.IsKnown.ShouldBeFalse();
        removed.Description.ShouldBe("every 00:10:00");

        (await schedules.RemoveAsync("counting", Cancellation)).ShouldBeTrue();
        (await schedules.RemoveAsync("counting", Cancellation)).ShouldBeFalse();
        (await schedules.ListAsync(Cancellation)).ShouldHaveSingleItem().Name.ShouldBe("other");
        await Should.ThrowAsync<ArgumentException>(async () => await schedules.RemoveAsync("other", Cancellation));
    }

    [Fact]
    public async Task The_schedules_are_listed_with_their_next_and_last_time()
    {
        await using var application = await StartAsync(EveryTenMinutes());
        await AdvanceAsync(TimeSpan.FromMinutes(25), application);

        (await application.Services.GetRequiredService<ISchedules>().ListAsync(Cancellation)).ShouldBe(
        [
            new ScheduleSnapshot
            {
                Name = "counting", Description = "every 00:10:00", Next = Noon.AddMinutes(30), Last = Noon.AddMinutes(20), IsKnown = true,
            },
        ]);
    }

    [Fact]
    public async Task A_paused_schedule_does_not_run_in_any_process_until_it_is_resumed_and_makes_up_for_nothing()
    {
        await using (var before = await StartAsync(EveryTenMinutes()))
        {
            await AdvanceAsync(TimeSpan.FromMinutes(10), before);
            (await before.Services.GetRequiredService<ISchedules>().PauseAsync("counting", Cancellation)).ShouldBeTrue();
        }

        await using var application = await StartAsync(Every(TimeSpan.FromMinutes(20)));
        var schedules = application.Services.GetRequiredService<ISchedules>();
        (await schedules.PauseAsync("counting", Cancellation)).ShouldBeFalse();
        await AdvanceAsync(TimeSpan.FromMinutes(45), application);
        Runs.ShouldBe([Noon.AddMinutes(10)]);
        var paused = (await schedules.ListAsync(Cancellation)).ShouldHaveSingleItem();
        paused.IsPaused.ShouldBeTrue();
        paused.Next.ShouldBeNull();
        paused.Last.ShouldBe(Noon.AddMinutes(10));

        (await schedules.ResumeAsync("counting", Cancellation)).ShouldBeTrue();
        (await schedules.ResumeAsync("counting", Cancellation)).ShouldBeFalse();
        await AdvanceAsync(TimeSpan.FromMinutes(5), application);

        Runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(60)]);
        Previous.ShouldBe([null, Noon.AddMinutes(10)]);
    }

    [Fact]
    public async Task A_schedule_can_be_run_by_hand_and_keeps_its_next_time()
    {
        await using var application = await StartAsync(EveryTenMinutes(options => options.SkipWhileRunning = true));
        var schedules = application.Services.GetRequiredService<ISchedules>();
        Time.Advance(TimeSpan.FromMinutes(1));

        (await schedules.RunAsync("counting", Cancellation)).ShouldBeTrue();
        (await schedules.RunAsync("counting", Cancellation)).ShouldBeFalse();
        await AdvanceAsync(TimeSpan.Zero, application);

        Runs.ShouldBe([Noon.AddMinutes(1)]);
        (await NextAsync(application)).ShouldBe(Noon.AddMinutes(10));
        (await Should.ThrowAsync<ArgumentException>(async () => await schedules.RunAsync("countng", Cancellation))).Message.ShouldContain("It has: counting");
    }

    [Fact]
    public async Task A_schedule_that_cannot_be_stops_the_start()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(async () => await StartAsync(carillon => carillon
            .AddSchedule("twice", Schedules.Never, _ => new NumberCounted(1), options => (options.MissedLimit, options.MissedAfter) = (0, -TimeSpan.FromSeconds(1)))
            .AddSchedule("twice", Schedules.Every(TimeSpan.FromHours(1)), _ => new NumberCounted(1))
            .AddSchedule("faulty", new Faulty(), _ => new NumberCounted(1), options => options.StartWindow = TimeSpan.Zero)
            .AddSchedule(new string('x', 101), Schedules.Never, _ => new NumberCounted(1))));

        error.Problems.Count.ShouldBe(6);
        error.Message.ShouldContain("Two schedules have the name 'twice': 'never' and 'every 01:00:00'");
        error.Message.ShouldContain("The schedule 'faulty' can never run: no calendar has such a day");
        error.Message.ShouldContain("MissedLimit of 'twice' is 0");
        error.Message.ShouldContain("StartWindow of 'faulty'");
    }

    [Fact]
    public async Task A_schedule_without_a_store_stops_the_start()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(async () => await Application.StartAsync(carillon => carillon
            .AddSchedule("counting", Schedules.Never, _ => new NumberCounted(1))));

        error.Message.ShouldContain("The schedule 'counting' needs a delivery store");
    }

    [Fact]
    public async Task A_schedule_whose_last_time_has_passed_is_warned_about()
    {
        await using var application = await StartAsync(Counting(new Faulty { Fault = null }));

        application.Log.Entries.ShouldContain(entry => entry.Id == 260 && entry.Message.Contains("'counting'"));
    }
}
