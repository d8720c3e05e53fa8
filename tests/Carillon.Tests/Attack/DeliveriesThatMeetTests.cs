using Carillon.Deliveries;
using Carillon.Deliveries.Internal;
using Carillon.Listeners;
using Carillon.Scheduling;
using Carillon.Scheduling.Internal;
using Carillon.Testing;
using Carillon.Tests.Deliveries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Tests.Attack;

/// <summary>Durations without end, batches that take too long, hosts that are dropped.</summary>
public sealed class DeliveriesThatMeetTests : DeliveriesByHand
{
    private int _calls;

    [Fact]
    public async Task A_snooze_without_end_lasts_to_the_end_of_time_and_is_no_failure()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            (_, context, _) =>
            {
                context.Snooze(TimeSpan.MaxValue);
                return ValueTask.CompletedTask;
            },
            Durable("count")));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        var snoozed = (await ListAsync()).ShouldHaveSingleItem();
        (snoozed.State, snoozed.Attempts, snoozed.DueAt, snoozed.Error).ShouldBe((DeliveryState.Scheduled, 0, DateTimeOffset.MaxValue, null));
    }

    [Fact(Timeout = 30_000)]
    public async Task An_inbox_that_never_forgets_does_not_hold_the_listener_up()
    {
        await using var application = await StartAsync(carillon => carillon.UseInbox(TimeSpan.MaxValue).Listen<NumberCounted>(_ => _calls++, Durable("count")));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        (_calls, (await CountAsync()).Count).ShouldBe((1, 0));
    }

    [Fact]
    public async Task What_is_unique_for_ever_keeps_the_second_one_out()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => _calls++, options =>
        {
            Durable("count")(options);
            options.Unique = new ListenerUniqueness { For = TimeSpan.MaxValue };
        }));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        Time.Advance(TimeSpan.FromDays(1_000));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _calls.ShouldBe(1);
    }

    [Fact]
    public async Task One_that_may_wait_for_ever_for_later_ones_is_replaced_like_any_other()
    {
        var seen = new List<int>();
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(e => seen.Add(e.Number), options =>
        {
            Durable("count")(options);
            options.Unique = new ListenerUniqueness(UniqueUntil.Started) { Replaces = true, MaxWait = TimeSpan.MaxValue };
        }));
        await application.Events.DispatchAsync(new NumberCounted(1), Later(), Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(2), Later(), Cancellation);

        await application.Services.DrainDeliveriesAsync(Time.GetUtcNow().AddHours(1), cancellationToken: Cancellation);

        seen.ShouldBe([2]);

        static DeliveryOptions Later() => new() { Delay = TimeSpan.FromMinutes(1), UniqueKey = "one" };
    }

    [Fact]
    public async Task An_event_can_be_scheduled_for_the_end_of_time()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => _calls++));

        var scheduled = await application.Scope.GetRequiredService<IEventScheduler>().ScheduleAsync(new NumberCounted(1), TimeSpan.MaxValue, Cancellation);

        scheduled.DueAt.ShouldBe(DateTimeOffset.MaxValue);
    }

    [Fact]
    public void An_interval_that_no_time_reaches_has_no_next_time() => Schedules.Every(TimeSpan.MaxValue).Next(Time.GetUtcNow()).ShouldBeNull();

    [Fact]
    public async Task What_is_still_to_be_run_of_a_batch_whose_lease_has_ended_is_left_to_whoever_leases_it_next()
    {
        var seen = new List<int>();
        IDeliveryRunner? other = null;
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => worker.BatchSize = 2)
            .Listen<NumberCounted>(
                async (NumberCounted e, CancellationToken token) =>
                {
                    seen.Add(e.Number);
                    if (e.Number == 1 && seen.Count == 1)
                    {
                        Time.Advance(TimeSpan.FromDays(1));
                        await other!.RunDueAsync(10, token);
                    }
                },
                Durable("count")));
        other = application.Services.GetRequiredService<IDeliveryRunner>();
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);

        await other.RunDueAsync(10, Cancellation);

        seen.Count(number => number == 2).ShouldBe(1);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_host_that_is_disposed_of_without_being_stopped_leaves_deliveries_to_others()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddCarillon(carillon => carillon
            .UseStore(_ => Store)
            .UseSimulatedTime(Time)
            .AddSchedule("often", Schedules.Every(TimeSpan.FromHours(1)), _ => new NumberCounted(1))
            .Listen<NumberCounted>(_ => _calls++, Durable("count")));
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        var worker = host.Services.GetRequiredService<DeliveriesInHand>();
        var schedules = DurableEngine.Get<ScheduleKeeper>(host.Services);
        await Waiting.UntilAsync(() => Task.FromResult(worker.Claims.AreOpen));

        host.Dispose();

        worker.Claims.AreOpen.ShouldBeFalse();
        foreach (var lane in worker.Lanes)
        {
            await lane.Waiting.Completion.WaitAsync(Cancellation);
        }

        await schedules.Running.WaitAsync(Cancellation);
    }
}
