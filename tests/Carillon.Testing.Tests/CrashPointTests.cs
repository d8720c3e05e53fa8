using Carillon.Deliveries;
using Carillon.Transactions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Carillon.Testing.Tests;

public sealed class CrashPointTests
{
    private int _ran;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<CrashPoint> Points => [.. CrashPoints.All];

    [Theory] // What the state machine promises of a listener that only runs: never lost once committed, at least once.
    [InlineData(CrashPoint.BeforeAdd, 0)]
    [InlineData(CrashPoint.AfterAdd, 1)]
    [InlineData(CrashPoint.AfterCommit, 1)]
    [InlineData(CrashPoint.BeforeLease, 1)]
    [InlineData(CrashPoint.AfterLease, 1)]
    [InlineData(CrashPoint.BeforeSettle, 2)]
    [InlineData(CrashPoint.AfterSettle, 1)]
    public async Task A_crash_at_each_point_has_the_listener_run_as_often_as_is_promised(CrashPoint point, int times)
    {
        await using var application = await TestApplication.StartAsync(Counting, carillon => carillon.UseCrashPoints());
        application.Crashes.CrashAt(point);

        var emitter = await CrashOfAsync(() => application.DispatchAsync(new OrderPlaced("A-1")));
        (await application.Services.DrainThroughCrashesAsync(cancellationToken: Cancellation)).ShouldBe(1);

        emitter.ShouldBe(point is CrashPoint.BeforeAdd or CrashPoint.AfterAdd ? point : null);
        _ran.ShouldBe(times);
        await application.Services.NoDeliveryAsync(cancellationToken: Cancellation);
    }

    [Theory]
    [InlineData(CrashPoint.BeforeAdd, 0)]
    [InlineData(CrashPoint.AfterAdd, 0)]
    [InlineData(CrashPoint.AfterCommit, 1)]
    [InlineData(CrashPoint.BeforeLease, 1)]
    [InlineData(CrashPoint.BeforeSettle, 2)]
    public async Task In_a_unit_of_work_only_a_commit_leaves_something(CrashPoint point, int times)
    {
        await using var application = await TestApplication.StartOnSqliteAsync(Counting, carillon => carillon.UseCrashPoints());
        application.Crashes.CrashAt(point);

        await CrashOfAsync(() => application.InScopeAsync(async services =>
        {
            await using var connection = await application.OpenAsync();
            await using var work = await services.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancellation);
            await services.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced("A-1"), Cancellation);
            await work.CommitAsync(Cancellation);
        }));
        await application.Services.DrainThroughCrashesAsync(cancellationToken: Cancellation);

        _ran.ShouldBe(times);
    }

    [Theory]
    [MemberData(nameof(Points))]
    public async Task The_work_of_a_transactional_listener_is_done_once_wherever_the_crash_is(CrashPoint point)
    {
        await using var application = await TestApplication.StartOnSqliteAsync(
            carillon => carillon.Listen<OrderPlaced>(
                async (_, context, token) =>
                {
                    await using var insert = context.Transaction!.Connection!.CreateCommand();
                    insert.Transaction = context.Transaction;
                    insert.CommandText = "INSERT INTO packed DEFAULT VALUES";
                    await insert.ExecuteNonQueryAsync(token);
                },
                options => (options.Id, options.Delivery, options.Transactional) = ("pack", Delivery.Durable, true)),
            carillon => carillon.UseCrashPoints());
        await using var connection = await application.OpenAsync();
        await ExecuteAsync(connection, "CREATE TABLE packed (id INTEGER PRIMARY KEY)");
        application.Crashes.CrashAt(point);

        if (await CrashOfAsync(() => application.DispatchAsync(new OrderPlaced("A-1"))) == CrashPoint.BeforeAdd)
        {
            // Nothing was written: whoever called the emitter comes again.
            application.Crashes.Restart();
            await application.DispatchAsync(new OrderPlaced("A-1"));
        }

        await application.Services.DrainThroughCrashesAsync(cancellationToken: Cancellation);

        (await ExecuteAsync(connection, "SELECT count(*) FROM packed")).ShouldBe(1L);
        await application.Services.NoDeliveryAsync(cancellationToken: Cancellation);
    }

    [Fact]
    public async Task A_host_that_has_crashed_writes_nothing_and_can_be_looked_at()
    {
        await using var application = await TestApplication.StartAsync(Counting, carillon => carillon.UseCrashPoints());
        await application.DispatchAsync(new OrderPlaced("A-1"));
        application.Crashes.CrashAt(CrashPoint.AfterLease);
        (await Should.ThrowAsync<HostCrashedException>(() => application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation))).Point.ShouldBe(CrashPoint.AfterLease);

        await Should.ThrowAsync<HostCrashedException>(() => application.DispatchAsync(new OrderPlaced("A-2")));
        await Should.ThrowAsync<HostCrashedException>(() => application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation));

        (await application.Services.OnlyDeliveryAsync("pack", DeliveryState.Leased, Cancellation)).Attempts.ShouldBe(1);
        application.Crashes.Restart();
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        _ran.ShouldBe(0); // the lease of the dead process holds
    }

    [Fact]
    public async Task A_later_pass_and_several_points_can_be_named()
    {
        await using var application = await TestApplication.StartAsync(Counting, carillon => carillon.UseCrashPoints());
        await application.DispatchAsync(new OrderPlaced("A-1"));
        await application.DispatchAsync(new OrderPlaced("A-2"));
        application.Crashes.CrashAt(CrashPoint.BeforeSettle, pass: 2);
        application.Crashes.CrashAt(CrashPoint.AfterSettle, pass: 2);

        (await application.Services.DrainThroughCrashesAsync(cancellationToken: Cancellation)).ShouldBe(2);

        _ran.ShouldBe(3);
    }

    [Fact]
    public async Task A_crash_can_be_that_of_one_listener()
    {
        var first = 0;
        await using var application = await TestApplication.StartAsync(
            carillon => Counting(carillon.Listen<OrderPlaced>(_ => first++, options => (options.Id, options.Delivery, options.Queue) = ("first", Delivery.Durable, "a-queue-before"))),
            carillon => carillon.UseCrashPoints());
        await application.DispatchAsync(new OrderPlaced("A-1"));
        application.Crashes.CrashAt(CrashPoint.BeforeSettle, "pack");

        await application.Services.DrainThroughCrashesAsync(cancellationToken: Cancellation);

        (first, _ran).ShouldBe((1, 2));
    }

    [Fact] // a test of what a crash leaves would pass without one
    public async Task A_crash_that_did_not_come_is_told_with_the_listeners_that_were_there()
    {
        await using var application = await TestApplication.StartAsync(Counting, carillon => carillon.UseCrashPoints());
        await application.DispatchAsync(new OrderPlaced("A-1"));
        application.Crashes.CrashAt(CrashPoint.BeforeSettle, "pakc");
        application.Crashes.CrashAt(CrashPoint.AfterSettle, pass: 3);

        var error = await Should.ThrowAsync<InvalidOperationException>(() => application.Services.DrainThroughCrashesAsync(cancellationToken: Cancellation));

        error.Message.ShouldContain("No crash came at BeforeSettle with a delivery of 'pakc'. No crash came at AfterSettle, which was to be passed 2 times more.");
        error.Message.ShouldContain("Deliveries came by of 'pack'.");
    }

    [Fact]
    public async Task With_the_worker_running_a_second_host_on_the_same_store_takes_over()
    {
        var store = new Deliveries.InMemory.InMemoryDeliveryStore();
        var time = new SimulatedTime();
        var second = new TaskCompletionSource();
        using var dying = Build(_ => _ran++, carillon => carillon.UseStore(_ => store).UseCrashPoints());
        await dying.StartAsync(Cancellation);
        var crashes = dying.Services.GetRequiredService<CrashPoints>();
        crashes.CrashAt(CrashPoint.AfterCommit);
        await DispatchAsync(dying);

        crashes.CrashedAt.ShouldBe(CrashPoint.AfterCommit);
        Should.Throw<InvalidOperationException>(crashes.Restart).Message.ShouldContain("second host");
        using var next = Build(_ => second.SetResult(), carillon => carillon.UseStore(_ => store).RunDeliveriesByHand());
        await next.StartAsync(Cancellation);
        await next.Services.DrainDeliveriesAsync(time.GetUtcNow().AddMinutes(1), cancellationToken: Cancellation);

        second.Task.IsCompletedSuccessfully.ShouldBeTrue();
        _ran.ShouldBe(0);

        IHost Build(Action<OrderPlaced> handler, Action<CarillonBuilder> configure)
        {
            var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
            builder.Services.AddCarillon(carillon => configure(carillon.UseSimulatedTime(time).Listen(handler, Durable)));
            return builder.Build();
        }
    }

    [Fact]
    public void Crash_points_want_a_store() =>
        Should.Throw<InvalidOperationException>(() => new ServiceCollection().AddCarillon(carillon => carillon.UseCrashPoints())).Message.ShouldContain("UseInMemory()");

    private static async Task DispatchAsync(IHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced("A-1"), Cancellation);
    }

    private static async Task<CrashPoint?> CrashOfAsync(Func<Task> emitter)
    {
        try
        {
            await emitter();
            return null;
        }
        catch (HostCrashedException crash)
        {
            return crash.Point;
        }
    }

    private static async Task<object?> ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private void Counting(CarillonBuilder carillon) => carillon.Listen<OrderPlaced>(_ => _ran++, Durable);

    private static void Durable(Listeners.ListenOptions options) => (options.Id, options.Delivery) = ("pack", Delivery.Durable);

    [Event("order.placed")]
    internal sealed record OrderPlaced(string Sku);
}
