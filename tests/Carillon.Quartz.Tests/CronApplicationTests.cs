using Carillon.Deliveries.InMemory;
using Carillon.Scheduling;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Quartz.Tests;

public sealed class CronApplicationTests
{
    private static readonly TimeZoneInfo Vienna = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna");

    private readonly SimulatedTime _time = new(new DateTimeOffset(2026, 3, 27, 12, 0, 0, TimeSpan.Zero));
    private readonly InMemoryDeliveryStore _store = new();
    private readonly List<DateTimeOffset> _runs = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // B7, conformance 371, 381
    public async Task A_nightly_event_of_two_processes_comes_once_a_night_through_the_change_of_clocks()
    {
        await using var one = await StartAsync("0 30 2 * * ?", Vienna);
        await using var other = await StartAsync("0 30 2 * * ?", Vienna);

        for (var hour = 0; hour < 4 * 24 * 2; hour++)
        {
            _time.Advance(TimeSpan.FromMinutes(30));
            await one.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
            await other.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        }

        _runs.ShouldBe(
        [
            new DateTimeOffset(2026, 3, 28, 1, 30, 0, TimeSpan.Zero),
            new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2026, 3, 30, 0, 30, 0, TimeSpan.Zero),
            new DateTimeOffset(2026, 3, 31, 0, 30, 0, TimeSpan.Zero),
        ]);
    }

    [Fact]
    public async Task An_expression_that_was_changed_moves_the_next_time()
    {
        await using (await StartAsync("0 30 2 * * ?", Vienna))
        {
        }

        await using var application = await StartAsync("0 0 4 * * ?", zone: null);

        var schedule = (await application.Services.GetRequiredService<ISchedules>().ListAsync(Cancellation)).ShouldHaveSingleItem();
        schedule.Next.ShouldBe(new DateTimeOffset(2026, 3, 28, 4, 0, 0, TimeSpan.Zero));
        schedule.Description.ShouldBe("cron '0 0 4 * * ?' UTC");
    }

    [Fact] // Conformance 372
    public async Task An_impossible_date_stops_the_start_with_the_schedule_the_expression_and_an_example()
    {
        var error = await Should.ThrowAsync<CarillonConfigurationException>(async () => await StartAsync("0 0 3 31 2 ?", Vienna));

        error.Problems.ShouldHaveSingleItem().ShouldBe(
            "The schedule 'nightly' can never run: the expression '0 0 3 31 2 ?' names a date that no year has. "
            + "An example: \"0 0 3 * * ?\" is at three o'clock every night.");
    }

    private Task<Application> StartAsync(string expression, TimeZoneInfo? zone) => Application.StartAsync(carillon => carillon
        .UseStore(_ => _store).UseSimulatedTime(_time).RunDeliveriesByHand()
        .Listen<NightBegun>(e => _runs.Add(e.At))
        .AddCron("nightly", expression, zone, context => new NightBegun(context.At)));

    [Event("night.begun")]
    private sealed record NightBegun(DateTimeOffset At);
}
