using Carillon.Deliveries;
using Carillon.Scheduling;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Scheduling;

public sealed class RecurringScheduleTests : CountingSchedule
{
    [Fact] // B7
    public async Task A_scheduleRuns_at_each_of_its_times_and_knows_which_one_it_is()
    {
        await using var application = await StartAsync(EveryTenMinutes());

        await AdvanceAsync(TimeSpan.FromMinutes(30), application);

        Runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(20), Noon.AddMinutes(30)]);
        Previous.ShouldBe([null, Noon.AddMinutes(10), Noon.AddMinutes(20)]);
    }

    [Fact] // B7, conformance 374: claimed like any tick
    public async Task Several_processes_run_each_time_once()
    {
        await using var one = await StartAsync(EveryTenMinutes());
        await using var other = await StartAsync(EveryTenMinutes());
        await using var third = await StartAsync(EveryTenMinutes());

        await AdvanceAsync(TimeSpan.FromMinutes(30), third, one, other);

        Runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(20), Noon.AddMinutes(30)]);
    }

    [Fact] // B7
    public async Task A_process_that_dies_with_a_tick_in_its_hands_leaves_it_to_another_one()
    {
        await using var application = await StartAsync(EveryTenMinutes());
        Time.Advance(TimeSpan.FromMinutes(10));
        var lease = new LeaseRequest(new DeliveryLease("dying", Time.GetUtcNow().AddSeconds(30)), Time.GetUtcNow(), 10);
        (await Store.LeaseAsync(lease, Cancellation)).ShouldHaveSingleItem();

        await AdvanceAsync(TimeSpan.FromSeconds(20), application);
        Runs.ShouldBeEmpty();
        await AdvanceAsync(TimeSpan.FromSeconds(20), application);

        Runs.ShouldBe([Noon.AddMinutes(10)]);
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
        Runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(20)]);
        (await ListAsync()).ShouldHaveSingleItem();
    }

    [Fact] // Conformance 373
    public async Task Times_that_nobody_was_there_for_are_made_up_for_by_one_run()
    {
        await MissAsync(_ => { });

        Runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(70)]);
    }

    [Fact] // Conformance 373
    public async Task Missed_times_can_be_left_out()
    {
        await MissAsync(options => options.MissedTicks = MissedTicks.Skip);

        Runs.ShouldBe([Noon.AddMinutes(70)]);
    }

    [Fact] // Conformance 373
    public async Task A_time_that_is_a_little_late_is_not_missed()
    {
        await using var application = await StartAsync(EveryTenMinutes(options => options.MissedTicks = MissedTicks.Skip));
        Time.Advance(TimeSpan.FromMinutes(10.9));

        await AdvanceAsync(TimeSpan.Zero, application);

        Runs.ShouldBe([Noon.AddMinutes(10)]);
    }

    [Fact] // Conformance 373
    public async Task Each_missed_time_can_be_made_up_for()
    {
        await MissAsync(options => options.MissedTicks = MissedTicks.RunAll);

        Runs.ShouldBe([.. Enumerable.Range(1, 7).Select(step => Noon.AddMinutes(10 * step))]);
    }

    [Fact] // Conformance 373
    public async Task Missed_times_are_made_up_for_up_to_a_limit()
    {
        await MissAsync(options => (options.MissedTicks, options.MissedLimit) = (MissedTicks.RunAll, 3));

        Runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(20), Noon.AddMinutes(30), Noon.AddMinutes(70)]);
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
        Runs.ShouldBe([Noon.AddMinutes(10)]);
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

    [Fact]
    public async Task A_tick_that_somebody_has_discarded_comes_back()
    {
        await using var application = await StartAsync(EveryTenMinutes());
        var tick = (await ListAsync()).ShouldHaveSingleItem();
        await application.Services.GetRequiredService<IDeliveries>().DiscardAsync(tick.Id, Cancellation);

        await AdvanceAsync(TimeSpan.FromMinutes(10), application);

        Runs.ShouldBe([Noon.AddMinutes(10)]);
    }

    [Fact]
    public async Task An_event_that_cannot_be_made_is_tried_again_and_the_schedule_goes_on_when_it_is_given_up()
    {
        var isBroken = true;
        await using var application = await StartAsync(carillon => carillon
            .ConfigureRetries(retries => retries.MaxAttempts = 2)
            .Listen<NumberCounted>(_ => Runs.Add(Time.GetUtcNow()))
            .AddSchedule("counting", Schedules.Every(TimeSpan.FromMinutes(10)), _ => isBroken ? throw new InvalidOperationException("no number") : new NumberCounted(1)));

        await AdvanceAsync(TimeSpan.FromMinutes(15), application);
        isBroken = false;
        await AdvanceAsync(TimeSpan.FromMinutes(5), application);

        (await ListAsync()).ShouldContain(delivery => delivery.State == DeliveryState.Failed && delivery.Error!.Contains("no number"));
        Runs.ShouldBe([Noon.AddMinutes(20)]);
    }

    [Fact]
    public async Task An_event_that_cannot_be_made_holds_its_schedule_up_in_no_way_and_its_own_run_comes_late()
    {
        var broken = Noon.AddMinutes(10);
        var made = new List<DateTimeOffset>();
        await using var application = await StartAsync(carillon => carillon
            .ConfigureRetries(retries => (retries.MaxAttempts, retries.FirstDelay, retries.MaxDelay, retries.Jitter) = (5, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15), 0))
            .Listen<TickCounted>(e => Runs.Add(e.At))
            .AddSchedule("counting", Schedules.Every(TimeSpan.FromMinutes(10)), context =>
            {
                made.Add(context.At);
                return context.At == broken && Time.GetUtcNow() < Noon.AddMinutes(20) ? throw new InvalidOperationException("no number") : new TickCounted(context.At, context.Previous);
            }));

        await AdvanceAsync(TimeSpan.FromMinutes(30), application);

        Runs.ShouldBe([Noon.AddMinutes(20), Noon.AddMinutes(10), Noon.AddMinutes(30)]);
        made.ShouldBe([broken, broken, Noon.AddMinutes(20), broken, Noon.AddMinutes(30)]);
        application.Log.Entries.Single(entry => entry.Id == 262).Message.ShouldContain("'counting'");
        (await NextAsync(application)).ShouldBe(Noon.AddMinutes(40));
        (await ListAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_schedule_of_ones_own_that_throws_stops_the_start_and_is_named()
    {
        var error = await Should.ThrowAsync<CarillonException>(() => StartAsync(Counting(new Throwing(Noon))));

        foreach (var part in new[] { "'counting'", "no calendar today", "ISchedule.Next" })
        {
            error.Message.ShouldContain(part);
        }
    }

    [Fact]
    public async Task One_that_throws_later_holds_no_other_up()
    {
        var times = new Throwing(Noon.AddMinutes(20));
        await using var application = await StartAsync(carillon => Counting(times)(EveryMinute(carillon)));

        await AdvanceAsync(TimeSpan.FromMinutes(30), application);

        Others.ShouldBe(30);
        (await ListAsync()).ShouldContain(delivery => delivery.Error != null && delivery.Error.Contains("'counting'") && delivery.Error.Contains("no calendar today"));
        times.From = DateTimeOffset.MaxValue;
        await AdvanceAsync(TimeSpan.FromHours(1), application);
        Runs.Count.ShouldBeGreaterThan(2);
    }

    [Fact] // B7
    public async Task A_listener_that_fails_is_tried_again_and_holds_its_schedule_up_in_no_way()
    {
        var attempts = 0;
        await using var application = await StartAsync(carillon => EveryTenMinutes()(carillon)
            .Listen<TickCounted>(_ => throw new InvalidOperationException($"attempt {++attempts}"), options => options.Priority = -1));

        await AdvanceAsync(TimeSpan.FromMinutes(30), application);

        Runs.Distinct().ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(20), Noon.AddMinutes(30)]);
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
        Runs.ShouldBeEmpty();
        // Its process has died: the lease ends by itself, the run is made by another one and over.
        await AdvanceAsync(TimeSpan.FromMinutes(6), application);
        await AdvanceAsync(TimeSpan.FromMinutes(4), application);

        Runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(30)]);
        running.ListenerId.ShouldBe("carillon.schedule");
    }

    [Fact] // Conformance 374
    public async Task WhatRuns_at_startRuns_once_however_many_processes_start()
    {
        var atStart = EveryTenMinutes(options => options.RunAtStart = true);
        await using var one = await StartAsync(atStart);
        await AdvanceAsync(TimeSpan.FromMinutes(1), one);
        await using var other = await StartAsync(atStart);
        await AdvanceAsync(TimeSpan.FromMinutes(1), one, other);

        Runs.ShouldBe([Noon]);
        Time.Advance(TimeSpan.FromMinutes(60));
        await AdvanceAsync(TimeSpan.Zero, one);
        Runs.Clear();
        await using var nextDay = await StartAsync(atStart);
        await AdvanceAsync(TimeSpan.Zero, nextDay);
        Runs.ShouldBe([Noon.AddMinutes(62)]);
    }

    [Fact]
    public async Task A_schedule_without_timesRuns_at_start_only()
    {
        await using var application = await StartAsync(Counting(Schedules.Never, options => options.RunAtStart = true));

        await AdvanceAsync(TimeSpan.FromDays(1), application);

        Runs.ShouldBe([Noon]);
        (await NextAsync(application)).ShouldBeNull();
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

    private static async Task RunTickAsync(Application application) =>
        (await application.Services.GetRequiredService<IDeliveryRunner>().RunDueAsync(1, Cancellation)).ShouldBe(1);

    private int Others { get; set; }

    private CarillonBuilder EveryMinute(CarillonBuilder carillon) => carillon
        .Listen<MinuteCounted>(_ => Others++)
        .AddSchedule("others", Schedules.Every(TimeSpan.FromMinutes(1)), _ => new MinuteCounted(1));

    // Every ten minutes, until it throws.
    private sealed class Throwing(DateTimeOffset from) : ISchedule
    {
        internal DateTimeOffset From { get; set; } = from;

        public DateTimeOffset? Next(DateTimeOffset after) =>
            after >= From ? throw new InvalidOperationException("no calendar today") : Schedules.Every(TimeSpan.FromMinutes(10)).Next(after);

        public override string ToString() => "throwing";
    }

    [Event("minute.counted")]
    private sealed record MinuteCounted(int Number);
}
