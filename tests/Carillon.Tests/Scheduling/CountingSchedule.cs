using Carillon.Deliveries;
using Carillon.Scheduling;
using Carillon.Testing;
using Carillon.Tests.Deliveries;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Scheduling;

/// <summary>Applications that count ten minutes by ten, at the time that the test says it is.</summary>
public abstract class CountingSchedule : DeliveriesByHand
{
    private protected static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    // The times for which the schedule ran.
    private protected List<DateTimeOffset> Runs { get; } = [];

    private protected List<DateTimeOffset?> Previous { get; } = [];

    private protected Func<CarillonBuilder, CarillonBuilder> EveryTenMinutes(Action<ScheduleOptions>? configure = null) => Every(TimeSpan.FromMinutes(10), configure);

    private protected Func<CarillonBuilder, CarillonBuilder> Every(TimeSpan interval, Action<ScheduleOptions>? configure = null) => Counting(Schedules.Every(interval), configure);

    private protected Func<CarillonBuilder, CarillonBuilder> Counting(ISchedule schedule, Action<ScheduleOptions>? configure = null) => carillon => carillon
        .Listen<TickCounted>(e => Runs.Add(e.At))
        .Listen<TickCounted>(e => Previous.Add(e.Previous))
        .AddSchedule("counting", schedule, context => new TickCounted(context.At, context.Previous), configure)
        .AddEvent<NumberCounted>();

    private protected Task<Application> StartAsync(Func<CarillonBuilder, CarillonBuilder> configure) => StartAsync(carillon => { _ = configure(carillon); });

    // In small steps, as a clock goes, and whoever comes first gets what is due.
    private protected async Task AdvanceAsync(TimeSpan by, params Application[] applications)
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

    private protected static async Task<DateTimeOffset?> NextAsync(Application application) =>
        (await application.Services.GetRequiredService<ISchedules>().ListAsync(Cancellation)).Single(schedule => schedule.Name == "counting").Next;

    [Event("tick.counted")]
    private protected sealed record TickCounted(DateTimeOffset At, DateTimeOffset? Previous);

    private protected sealed class Faulty : ISchedule
    {
        public string? Fault { get; init; } = "no calendar has such a day.";

        public DateTimeOffset? Next(DateTimeOffset after) => null;
    }
}
