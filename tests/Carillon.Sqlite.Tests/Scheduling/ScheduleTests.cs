using Carillon.Deliveries;
using Carillon.Jobs;
using Carillon.Scheduling;
using Carillon.Testing;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Sqlite.Tests.Scheduling;

public sealed class ScheduleTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly OrderDatabase _database = new();
    private readonly SimulatedTime _time = new();
    private readonly List<DateTimeOffset> _runs = [];
    private readonly List<int> _orders = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact] // B7
    public async Task A_schedule_goes_on_after_each_restart_with_its_next_and_last_time()
    {
        for (var step = 1; step <= 3; step++)
        {
            await using var application = await StartAsync();
            await AdvanceAsync(application, TimeSpan.FromMinutes(10));
            (await application.Services.GetRequiredService<ISchedules>().ListAsync(Cancellation)).ShouldHaveSingleItem().Last.ShouldBe(Noon.AddMinutes(10 * step));
        }

        _runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(20), Noon.AddMinutes(30)]);
    }

    [Theory] // B7: no time is lost and none runs twice, whenever the process dies
    [InlineData(nameof(IDeliveryStore.OpenConnectionAsync), false)]
    [InlineData(nameof(IDeliveryStore.SettleAsync), false)]
    [InlineData(nameof(IDeliveryStore.SettleAsync), true)]
    [InlineData(nameof(IDeliveryStore.AddAsync), false)]
    [InlineData(nameof(IDeliveryStore.AddAsync), true)]
    public async Task A_process_that_dies_at_any_step_of_a_tick_loses_no_time_and_runs_none_twice(string step, bool hasBegun)
    {
        await using (var dying = await StartAsync(store => DyingStore.Around(store, step, hasBegun)))
        {
            _time.Advance(TimeSpan.FromMinutes(10));
            await Should.ThrowAsync<InvalidOperationException>(async () => await dying.Services.DrainDeliveriesAsync(cancellationToken: Cancellation));
        }

        await using var application = await StartAsync();
        await AdvanceAsync(application, TimeSpan.FromMinutes(1));
        await AdvanceAsync(application, TimeSpan.FromMinutes(9));

        _runs.ShouldBe([Noon.AddMinutes(10), Noon.AddMinutes(20)]);
        _database.Count("deliveries").ShouldBe(1);
    }

    [Fact] // B7
    public async Task What_a_scheduled_event_leaves_for_durable_listeners_is_stored_once_though_its_process_dies()
    {
        await using (var dying = await StartAsync(store => DyingStore.Around(store, nameof(IDeliveryStore.AddAsync), hasBegun: true)))
        {
            await Scheduler(dying).ScheduleAsync(new OrderPlaced(7), TimeSpan.Zero, Cancellation);
            await Should.ThrowAsync<InvalidOperationException>(async () => await dying.Services.DrainDeliveriesAsync(cancellationToken: Cancellation));
        }

        await using var application = await StartAsync();
        await AdvanceAsync(application, TimeSpan.FromMinutes(1));

        _orders.ShouldBe([7]);
    }

    [Theory] // B7, B6, conformance 390, 452
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_scheduled_or_pushed_in_a_unit_of_work_belongs_to_it(bool commits)
    {
        await using var application = await StartAsync();
        await using var connection = _database.Open();
        ScheduledEvent scheduled;
        await using (var work = await application.Scope.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancellation))
        {
            scheduled = await Scheduler(application).ScheduleAsync(new OrderPlaced(7), TimeSpan.FromMinutes(1), Cancellation);
            (await application.Scope.GetRequiredService<IJobs>().PushAsync(new ShipOrder(8), cancellationToken: Cancellation)).ShouldBeNull();
            Should.Throw<InvalidOperationException>(() => scheduled.Id).Message.ShouldContain("unit of work that is not committed");
            _database.Count("deliveries").ShouldBe(1);
            if (commits)
            {
                await work.CommitAsync(Cancellation);
            }
        }

        await AdvanceAsync(application, TimeSpan.FromMinutes(1));

        _orders.ShouldBe(commits ? [8, 7] : []);
        if (commits)
        {
            scheduled.Id.ShouldBeGreaterThan(0);
        }
    }

    [Fact] // B7
    public async Task A_scheduled_event_is_moved_and_called_off_after_a_restart()
    {
        long moved;
        long cancelled;
        await using (var before = await StartAsync())
        {
            moved = (await Scheduler(before).ScheduleAsync(new OrderPlaced(1), TimeSpan.FromDays(30), Cancellation)).Id;
            cancelled = (await Scheduler(before).ScheduleAsync(new OrderPlaced(2), TimeSpan.FromMinutes(1), Cancellation)).Id;
        }

        await using var application = await StartAsync();
        (await Scheduler(application).RescheduleAsync(moved, _time.GetUtcNow().AddMinutes(2), Cancellation)).ShouldBeTrue();
        (await Scheduler(application).CancelAsync(cancelled, Cancellation)).ShouldBeTrue();
        await AdvanceAsync(application, TimeSpan.FromMinutes(2));

        _orders.ShouldBe([1]);
    }

    [Fact]
    public async Task A_pause_outlives_the_process()
    {
        await using (var before = await StartAsync())
        {
            (await before.Services.GetRequiredService<ISchedules>().PauseAsync("counting", Cancellation)).ShouldBeTrue();
        }

        await using var application = await StartAsync();
        await AdvanceAsync(application, TimeSpan.FromMinutes(30));
        _runs.ShouldBeEmpty();
        (await application.Services.GetRequiredService<ISchedules>().ResumeAsync("counting", Cancellation)).ShouldBeTrue();
        await AdvanceAsync(application, TimeSpan.FromMinutes(10));

        _runs.ShouldBe([Noon.AddMinutes(40)]);
    }

    private Task<Application> StartAsync(Func<IDeliveryStore, IDeliveryStore>? around = null) => Application.StartAsync(carillon =>
    {
        carillon.UseSqlite(_database.ConnectionString).UseSimulatedTime(_time).RunDeliveriesByHand()
            .Listen<TickCounted>(e => _runs.Add(e.At))
            .Listen<OrderPlaced>(e => _orders.Add(e.Number), options => (options.Delivery, options.Id) = (Delivery.Durable, "orders"))
            .HandleJob<ShipOrder>(job => _orders.Add(job.Number))
            .AddSchedule("counting", Schedules.Every(TimeSpan.FromMinutes(10)), context => new TickCounted(context.At));
        if (around is not null)
        {
            var chosen = carillon.Services.Last(service => service.ServiceType == typeof(IDeliveryStore)).ImplementationFactory!;
            carillon.UseStore(services => around((IDeliveryStore)chosen(services)));
        }
    });

    private static IEventScheduler Scheduler(Application application) => application.Scope.GetRequiredService<IEventScheduler>();

    private async Task AdvanceAsync(Application application, TimeSpan by)
    {
        _time.Advance(by);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
    }

    [Event("tick.counted")]
    private sealed record TickCounted(DateTimeOffset At);

    private sealed record ShipOrder(int Number) : IJob;
}
