using Carillon.Deliveries;
using Carillon.Scheduling;
using Carillon.Testing;
using Carillon.Tests.Deliveries;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Scheduling;

public sealed class EventSchedulerTests : DeliveriesByHand
{
    private readonly List<(string Listener, int Number, DateTimeOffset At)> _calls = [];

    [Fact] // B7, conformance 368
    public async Task An_event_reaches_inline_and_durable_listeners_when_its_time_has_come_and_not_before()
    {
        await using var application = await StartAsync(Both);
        var at = Time.GetUtcNow().AddHours(1);

        var scheduled = await Scheduler(application).ScheduleAsync(new NumberCounted(7), at, Cancellation);

        scheduled.DueAt.ShouldBe(at);
        await AdvanceAsync(application, TimeSpan.FromMinutes(59));
        _calls.ShouldBeEmpty();
        await AdvanceAsync(application, TimeSpan.FromMinutes(1));
        _calls.ShouldBe([("inline", 7, at), ("durable", 7, at)]);
        (await ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_scheduled_says_what_it_is_and_when()
    {
        await using var application = await StartAsync(Both);

        var scheduled = await Scheduler(application).ScheduleAsync(new NumberCounted(7), new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero), Cancellation);

        scheduled.ToString().ShouldBe($"number.counted, due 2031-02-03 04:05:06Z, {scheduled.Id}");
    }

    [Fact] // Conformance 368
    public async Task A_time_that_has_passed_is_now_and_a_delay_counts_from_now()
    {
        await using var application = await StartAsync(Both);
        var start = Time.GetUtcNow();
        await Scheduler(application).ScheduleAsync(new NumberCounted(1), start.AddDays(-1), Cancellation);
        await Scheduler(application).ScheduleAsync(new NumberCounted(2), TimeSpan.FromSeconds(30), Cancellation);

        await AdvanceAsync(application, TimeSpan.Zero);
        await AdvanceAsync(application, TimeSpan.FromSeconds(30));

        _calls.Where(call => call.Listener == "inline").ShouldBe([("inline", 1, start), ("inline", 2, start.AddSeconds(30))]);
    }

    [Fact] // B7
    public async Task What_is_scheduled_survives_a_restart_and_reaches_the_listeners_of_the_new_start()
    {
        await using (var before = await StartAsync(carillon => carillon.AddEvent<NumberCounted>()))
        {
            await Scheduler(before).ScheduleAsync(new NumberCounted(7), TimeSpan.FromDays(1), Cancellation);
        }

        await using var after = await StartAsync(Both);
        await AdvanceAsync(after, TimeSpan.FromDays(1));

        _calls.Select(call => call.Listener).ShouldBe(["inline", "durable"]);
    }

    [Fact] // Conformance 398
    public async Task A_cancelled_event_never_runs_and_can_be_cancelled_once()
    {
        await using var application = await StartAsync(Both);
        var scheduled = await Scheduler(application).ScheduleAsync(new NumberCounted(7), TimeSpan.FromHours(1), Cancellation);

        (await Scheduler(application).CancelAsync(scheduled.Id, Cancellation)).ShouldBeTrue();
        (await Scheduler(application).CancelAsync(scheduled.Id, Cancellation)).ShouldBeFalse();

        await AdvanceAsync(application, TimeSpan.FromHours(2));
        _calls.ShouldBeEmpty();
        (await Scheduler(application).RescheduleAsync(scheduled.Id, Time.GetUtcNow(), Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_scheduled_event_can_be_moved_to_and_fro()
    {
        await using var application = await StartAsync(Both);
        var scheduled = await Scheduler(application).ScheduleAsync(new NumberCounted(7), TimeSpan.FromHours(1), Cancellation);

        (await Scheduler(application).RescheduleAsync(scheduled.Id, Time.GetUtcNow().AddHours(5), Cancellation)).ShouldBeTrue();
        await AdvanceAsync(application, TimeSpan.FromHours(2));
        _calls.ShouldBeEmpty();
        (await Scheduler(application).RescheduleAsync(scheduled.Id, Time.GetUtcNow(), Cancellation)).ShouldBeTrue();
        await AdvanceAsync(application, TimeSpan.Zero);

        _calls.Count.ShouldBe(2);
        (await Scheduler(application).CancelAsync(scheduled.Id, Cancellation)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_no_scheduled_event_is_neither_cancelled_nor_moved()
    {
        await using var application = await StartAsync(Both);
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        var delivery = (await ListAsync()).ShouldHaveSingleItem();

        (await Scheduler(application).CancelAsync(delivery.Id, Cancellation)).ShouldBeFalse();
        (await Scheduler(application).RescheduleAsync(delivery.Id, Time.GetUtcNow().AddDays(1), Cancellation)).ShouldBeFalse();

        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Ready);
    }

    [Fact]
    public async Task A_dispatch_that_fails_half_way_is_made_again_and_leaves_its_durable_listeners_once()
    {
        var attempts = 0;
        await using var application = await StartAsync(carillon => Both(carillon)
            .Listen<ReminderSent>(async (e, context, token) =>
            {
                await context.Dispatcher.DispatchAsync(new NumberCounted(e.Number), token);
                if (++attempts < 3)
                {
                    throw new InvalidOperationException("not yet");
                }
            }));
        await Scheduler(application).ScheduleAsync(new ReminderSent(7), TimeSpan.Zero, Cancellation);

        for (var second = 0; second < 5; second++)
        {
            await AdvanceAsync(application, TimeSpan.FromSeconds(1));
        }

        attempts.ShouldBe(3);
        _calls.Count(call => call.Listener == "inline").ShouldBe(3);
        _calls.Count(call => call.Listener == "durable").ShouldBe(1);
    }

    [Fact]
    public async Task What_a_scheduled_dispatch_leaves_needs_no_unit_of_work_since_it_is_written_with_its_completion()
    {
        await using var application = await StartAsync(carillon => Both(carillon).RequireUnitOfWork());
        await Scheduler(application).ScheduleAsync(new NumberCounted(7), TimeSpan.Zero, Cancellation);

        await AdvanceAsync(application, TimeSpan.Zero);

        _calls.Select(call => call.Listener).ShouldBe(["inline", "durable"]);
    }

    [Fact]
    public async Task What_follows_from_a_scheduled_event_has_it_as_its_cause()
    {
        EventContext? seen = null;
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>(
                (_, context, _) =>
                {
                    seen = context;
                    return ValueTask.CompletedTask;
                },
                Durable("seeing")));
        var scheduled = await Scheduler(application).ScheduleAsync(new NumberCounted(7), TimeSpan.Zero, Cancellation);

        await AdvanceAsync(application, TimeSpan.Zero);

        seen.ShouldNotBeNull().Envelope.ShouldNotBeNull().CausationId.ShouldBe(scheduled.EventId);
    }

    [Fact]
    public async Task An_event_without_a_name_is_refused_where_it_is_scheduled()
    {
        await using var application = await StartAsync(Both);

        var error = await Should.ThrowAsync<CarillonException>(async () =>
            await Scheduler(application).ScheduleAsync(new Nameless(), TimeSpan.FromDays(1), Cancellation));

        error.Message.ShouldContain(nameof(Nameless));
        error.Message.ShouldContain("AddEvent<T>()");
    }

    [Fact]
    public async Task Without_a_store_the_scheduler_says_how_to_get_one()
    {
        await using var application = await Application.StartAsync(carillon => carillon.Listen<NumberCounted>(_ => { }));

        Should.Throw<CarillonException>(() => Scheduler(application)).Message.ShouldContain("UseInMemory()");
    }

    private static IEventScheduler Scheduler(Application application) => application.Scope.GetRequiredService<IEventScheduler>();

    private CarillonBuilder Both(CarillonBuilder carillon) => carillon
        .Listen<NumberCounted>(e => _calls.Add(("inline", e.Number, Time.GetUtcNow())))
        .Listen<NumberCounted>(e => _calls.Add(("durable", e.Number, Time.GetUtcNow())), Durable("durable"));

    private Task<Application> StartAsync(Func<CarillonBuilder, CarillonBuilder> configure) => StartAsync(carillon => { _ = configure(carillon); });

    private async Task AdvanceAsync(Application application, TimeSpan by)
    {
        Time.Advance(by);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
    }

    private sealed record Nameless;

    [Event("reminder.sent")]
    private sealed record ReminderSent(int Number);
}
