using Carillon.Deliveries;
using Carillon.Scheduling;
using Carillon.Testing;
using Carillon.Tests.Deliveries;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Scheduling;

public sealed class RecurringScheduleTests : DeliveriesByHand
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    // The times for which the schedule ran.
    private readonly List<DateTimeOffset> _runs = [];
    private readonly List<DateTimeOffset?> _previous = [];

    [Fact] // B7
    public async Task A_schedule_runs_at_each_of_its_times_and_knows_which_one_it_is()
    {
        await using var application = await StartAsync(EveryTenMinutes());

        await AdvanceAsync(TimeSpan.FromMinutes(30), application);

        _runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(20), Noon.AddMinutes(30)]);
        _previous.ShouldBe([null, Noon.AddMinutes(10), Noon.AddMinutes(20)]);
    }

    [Fact] // B7, conformance 374: claimed like any tick
    public async Task Several_processes_run_each_time_once()
    {
        await using var one = await StartAsync(EveryTenMinutes());
        await using var other = await StartAsync(EveryTenMinutes());
        await using var third = await StartAsync(EveryTenMinutes());

        await AdvanceAsync(TimeSpan.FromMinutes(30), third, one, other);

        _runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(20), Noon.AddMinutes(30)]);
    }

    [Fact] // B7
    public async Task A_process_that_dies_with_a_tick_in_its_hands_leaves_it_to_another_one()
    {
        await using var application = await StartAsync(EveryTenMinutes());
        Time.Advance(TimeSpan.FromMinutes(10));
        var lease = new LeaseRequest(new DeliveryLease("dying", Time.GetUtcNow().AddSeconds(30)), Time.GetUtcNow(), 10);
        (await Store.LeaseAsync(lease, Cancellation)).ShouldHaveSingleItem();

        await AdvanceAsync(TimeSpan.FromSeconds(20), application);
        _runs.ShouldBeEmpty();
        await AdvanceAsync(TimeSpan.FromSeconds(20), application);

        _runs.ShouldBe([Noon.AddMinutes(10)]);
        (await NextAsync(application)).ShouldBe(Noon.AddMinutes(20));
    }

    [Fact] // B7
    public async Task A_process_that_starts_while_another_has_the_tick_writes_no_second_one()
    {
        await using var application = await StartAsync(EveryTenMinutes());
        Time.Advance(TimeSpan.FromMinutes(10));
        var lease = new LeaseRequest(new DeliveryLease("dying", Time.GetUtcNow().AddSeconds(30)), Time.GetUtcNow(), 10);
        (await Store.LeaseAsync(lease, Cancellation)).ShouldHaveSingleItem();

        await using var other = await StartAsync(EveryTenMinutes());

        await AdvanceAsync(TimeSpan.FromMinutes(10), application, other);
        _runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(20)]);
        (await ListAsync()).ShouldHaveSingleItem();
    }

    [Fact] // Conformance 373
    public async Task Times_that_nobody_was_there_for_are_made_up_for_by_one_run()
    {
        await MissAsync(_ => { });

        _runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(70)]);
    }

    [Fact] // Conformance 373
    public async Task Missed_times_can_be_left_out()
    {
        await MissAsync(options => options.MissedTicks = MissedTicks.Skip);

        _runs.ShouldBe([Noon.AddMinutes(70)]);
    }

    [Fact] // Conformance 373
    public async Task A_time_that_is_a_little_late_is_not_missed()
    {
        await using var application = await StartAsync(EveryTenMinutes(options => options.MissedTicks = MissedTicks.Skip));
        Time.Advance(TimeSpan.FromMinutes(10.9));

        await AdvanceAsync(TimeSpan.Zero, application);

        _runs.ShouldBe([Noon.AddMinutes(10)]);
    }

    [Fact] // Conformance 373
    public async Task Each_missed_time_can_be_made_up_for()
    {
        await MissAsync(options => options.MissedTicks = MissedTicks.RunAll);

        _runs.ShouldBe([.. Enumerable.Range(1, 7).Select(step => Noon.AddMinutes(10 * step))]);
    }

    [Fact] // Conformance 373
    public async Task Missed_times_are_made_up_for_up_to_a_limit()
    {
        await MissAsync(options => (options.MissedTicks, options.MissedLimit) = (MissedTicks.RunAll, 3));

        _runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(20), Noon.AddMinutes(30), Noon.AddMinutes(70)]);
    }

    [Fact]
    public async Task A_schedule_that_was_changed_in_the_code_gets_its_new_time_at_the_next_start()
    {
        await using (await StartAsync(Every(TimeSpan.FromHours(10))))
        {
        }

        await using var application = await StartAsync(EveryTenMinutes());

        (await NextAsync(application)).ShouldBe(Noon.AddMinutes(10));
        application.Log.Entries.ShouldContain(entry => entry.Id == 261 && entry.Message.Contains("every 10:00:00"));
        await AdvanceAsync(TimeSpan.FromMinutes(10), application);
        _runs.ShouldBe([Noon.AddMinutes(10)]);
    }

    [Fact]
    public async Task A_schedule_that_was_not_changed_keeps_its_time_though_it_has_passed()
    {
        await using (await StartAsync(EveryTenMinutes()))
        {
        }

        Time.Advance(TimeSpan.FromMinutes(15));
        await using var application = await StartAsync(EveryTenMinutes());

        (await NextAsync(application)).ShouldBe(Noon.AddMinutes(10));
    }

    [Fact] // Conformance 377
    public async Task A_schedule_that_was_taken_out_of_the_code_does_not_run_and_is_shown()
    {
        await using (await StartAsync(EveryTenMinutes()))
        {
        }

        await using var application = await StartAsync(carillon => carillon.AddSchedule("other", Schedules.Every(TimeSpan.FromDays(1)), _ => new NumberCounted(1)));
        await AdvanceAsync(TimeSpan.FromMinutes(30), application);

        _runs.ShouldBeEmpty();
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
    public async Task A_tick_that_somebody_has_discarded_comes_back()
    {
        await using var application = await StartAsync(EveryTenMinutes());
        var tick = (await ListAsync()).ShouldHaveSingleItem();
        await application.Services.GetRequiredService<IDeliveries>().DiscardAsync(tick.Id, Cancellation);

        await AdvanceAsync(TimeSpan.FromMinutes(10), application);

        _runs.ShouldBe([Noon.AddMinutes(10)]);
    }

    [Fact]
    public async Task An_event_that_cannot_be_made_is_tried_again_and_the_schedule_goes_on_when_it_is_given_up()
    {
        var isBroken = true;
        await using var application = await StartAsync(carillon => carillon
            .ConfigureRetries(retries => retries.MaxAttempts = 2)
            .Listen<NumberCounted>(_ => _runs.Add(Time.GetUtcNow()))
            .AddSchedule("counting", Schedules.Every(TimeSpan.FromMinutes(10)), _ => isBroken ? throw new InvalidOperationException("no number") : new NumberCounted(1)));

        await AdvanceAsync(TimeSpan.FromMinutes(15), application);
        isBroken = false;
        await AdvanceAsync(TimeSpan.FromMinutes(5), application);

        (await ListAsync()).ShouldContain(delivery => delivery.State == DeliveryState.Failed && delivery.Error!.Contains("no number"));
        _runs.ShouldBe([Noon.AddMinutes(20)]);
    }

    [Fact] // B7
    public async Task A_listener_that_fails_is_tried_again_and_holds_its_schedule_up_in_no_way()
    {
        var attempts = 0;
        await using var application = await StartAsync(carillon => EveryTenMinutes()(carillon)
            .Listen<TickCounted>(_ => throw new InvalidOperationException($"attempt {++attempts}"), options => options.Priority = -1));

        await AdvanceAsync(TimeSpan.FromMinutes(30), application);

        _runs.Distinct().ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(20), Noon.AddMinutes(30)]);
        attempts.ShouldBeGreaterThan(3);
    }

    [Fact] // Conformance 380
    public async Task A_time_is_left_out_while_the_run_before_is_not_over()
    {
        await using var application = await StartAsync(EveryTenMinutes(options => options.SkipWhileRunning = true));
        Time.Advance(TimeSpan.FromMinutes(10));
        await RunTickAsync(application);
        var runner = new LeaseRequest(new DeliveryLease("slow", Time.GetUtcNow().AddMinutes(15)), Time.GetUtcNow(), 10);
        var running = (await Store.LeaseAsync(runner, Cancellation)).ShouldHaveSingleItem();

        await AdvanceAsync(TimeSpan.FromMinutes(10), application);
        _runs.ShouldBeEmpty();
        // Its process has died: the lease ends by itself, the run is made by another one and over.
        await AdvanceAsync(TimeSpan.FromMinutes(6), application);
        await AdvanceAsync(TimeSpan.FromMinutes(4), application);

        _runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(30)]);
        running.ListenerId.ShouldBe("carillon.schedule");
    }

    [Fact] // Conformance 374
    public async Task What_runs_at_start_runs_once_however_many_processes_start()
    {
        var atStart = EveryTenMinutes(options => options.RunAtStart = true);
        await using var one = await StartAsync(atStart);
        await AdvanceAsync(TimeSpan.FromMinutes(1), one);
        await using var other = await StartAsync(atStart);
        await AdvanceAsync(TimeSpan.FromMinutes(1), one, other);

        _runs.ShouldBe([Noon]);
        Time.Advance(TimeSpan.FromMinutes(60));
        await AdvanceAsync(TimeSpan.Zero, one);
        _runs.Clear();
        await using var nextDay = await StartAsync(atStart);
        await AdvanceAsync(TimeSpan.Zero, nextDay);
        _runs.ShouldBe([Noon.AddMinutes(62)]);
    }

    [Fact]
    public async Task A_schedule_without_times_runs_at_start_only()
    {
        await using var application = await StartAsync(Counting(Schedules.Never, options => options.RunAtStart = true));

        await AdvanceAsync(TimeSpan.FromDays(1), application);

        _runs.ShouldBe([Noon]);
        (await NextAsync(application)).ShouldBeNull();
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
        _runs.ShouldBe([Noon.AddMinutes(10)]);
        var paused = (await schedules.ListAsync(Cancellation)).ShouldHaveSingleItem();
        paused.IsPaused.ShouldBeTrue();
        paused.Next.ShouldBeNull();
        paused.Last.ShouldBe(Noon.AddMinutes(10));

        (await schedules.ResumeAsync("counting", Cancellation)).ShouldBeTrue();
        (await schedules.ResumeAsync("counting", Cancellation)).ShouldBeFalse();
        await AdvanceAsync(TimeSpan.FromMinutes(5), application);

        _runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(60)]);
        _previous.ShouldBe([null, Noon.AddMinutes(10)]);
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

        _runs.ShouldBe([Noon.AddMinutes(1)]);
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

    [Fact]
    public async Task The_worker_wakes_up_for_each_time()
    {
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => worker.Enabled = true)
            .Listen<NumberCounted>(_ => ran.SetResult())
            .AddSchedule("counting", Schedules.Every(TimeSpan.FromMinutes(10)), _ => new NumberCounted(1)));

        while (!ran.Task.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await ran.Task;
    }

    private async Task MissAsync(Action<ScheduleOptions> configure)
    {
        await using (await StartAsync(EveryTenMinutes(configure)))
        {
        }

        Time.Advance(TimeSpan.FromMinutes(65));
        await using var application = await StartAsync(EveryTenMinutes(configure));
        await AdvanceAsync(TimeSpan.FromMinutes(5), application);
    }

    private Func<CarillonBuilder, CarillonBuilder> EveryTenMinutes(Action<ScheduleOptions>? configure = null) => Every(TimeSpan.FromMinutes(10), configure);

    private Func<CarillonBuilder, CarillonBuilder> Every(TimeSpan interval, Action<ScheduleOptions>? configure = null) => Counting(Schedules.Every(interval), configure);

    private Func<CarillonBuilder, CarillonBuilder> Counting(ISchedule schedule, Action<ScheduleOptions>? configure = null) => carillon => carillon
        .Listen<TickCounted>(e => _runs.Add(e.At))
        .Listen<TickCounted>(e => _previous.Add(e.Previous))
        .AddSchedule("counting", schedule, context => new TickCounted(context.At, context.Previous), configure)
        .AddEvent<NumberCounted>();

    private Task<Application> StartAsync(Func<CarillonBuilder, CarillonBuilder> configure) => StartAsync(carillon => { _ = configure(carillon); });

    // In small steps, as a clock goes, and whoever comes first gets what is due.
    private async Task AdvanceAsync(TimeSpan by, params Application[] applications)
    {
        var end = Time.GetUtcNow() + by;
        var step = TimeSpan.FromSeconds(10);
        var turn = 0;
        while (true)
        {
            for (var count = 0; count < applications.Length; count++)
            {
                await applications[turn++ % applications.Length].Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
            }

            if (Time.GetUtcNow() >= end)
            {
                return;
            }

            Time.Advance(end - Time.GetUtcNow() < step ? end - Time.GetUtcNow() : step);
        }
    }

    private static async Task RunTickAsync(Application application) =>
        (await application.Services.GetRequiredService<IDeliveryRunner>().RunDueAsync(1, Cancellation)).ShouldBe(1);

    private static async Task<DateTimeOffset?> NextAsync(Application application) =>
        (await application.Services.GetRequiredService<ISchedules>().ListAsync(Cancellation)).Single(schedule => schedule.Name == "counting").Next;

    [Event("tick.counted")]
    private sealed record TickCounted(DateTimeOffset At, DateTimeOffset? Previous);

    private sealed class Faulty : ISchedule
    {
        public string? Fault { get; init; } = "no calendar has such a day.";

        public DateTimeOffset? Next(DateTimeOffset after) => null;
    }
}
