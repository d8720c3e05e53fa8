using Carillon;
using Carillon.Deliveries;
using Carillon.EventSourcing;
using Carillon.Sagas;
using Carillon.Testing;
using Carillon.Tracing;
using Shouldly;

public static class Tests
{
    public static async Task An_inline_listener_has_run_when_the_dispatch_returns(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.Inline(given);
    }

    public static async Task What_fails_is_tried_again_when_its_time_has_come(CancellationToken ct)
    {
        var robot = new Robot { Failures = 1 };
        await using var given = await StartAsync(ct, robot);

        await Page.Retry(given);

        robot.Asked.ShouldBe(2);
        robot.Packed.Count.ShouldBe(1);
    }

    public static async Task A_drain_until_a_time_makes_every_attempt_until_then(CancellationToken ct)
    {
        var robot = new Robot { Failures = 5 };
        await using var given = await StartAsync(ct, robot);

        await Page.DrainUntil(given);

        robot.Asked.ShouldBe(6);
    }

    public static async Task What_was_dispatched_and_called_is_recorded(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.Recorded(given);
    }

    public static async Task What_was_rolled_back_does_not_stand(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.RolledBack(given);

        await given.Application!.Services.NoDeliveryAsync(cancellationToken: ct);
    }

    public static async Task A_recording_follows_its_flow(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Task.WhenAll(Task.Run(() => Page.Flow(given), ct), Task.Run(() => given.Get<IEventDispatcherFactory>().DispatchInNewScopeAsync(new OrderPlaced("other", 1), ct).AsTask(), ct));

        given.Get<EventRecorder>().Of<OrderPlaced>().Count.ShouldBe(2);
    }

    public static async Task A_faked_event_is_recorded_and_the_others_are_real(CancellationToken ct)
    {
        var robot = new Robot();
        var heard = 0;
        await using var given = await StartAsync(ct, robot, carillon => carillon.Listen<OrderPacked>(_ => heard++));

        await Page.Fake(given);

        robot.Packed.Count.ShouldBe(1);
        heard.ShouldBe(0);
    }

    public static async Task What_comes_of_an_event_is_waited_for(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.Wait(given);
    }

    public static async Task What_is_stored_can_be_looked_at(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.Stored(given);
    }

    public static async Task Two_applications_are_joined(CancellationToken ct)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Application(builder.Services, new Robot());

        await Page.Hosts(new Given { Builder = builder, Cancellation = ct });
    }

    public static async Task A_listener_that_knows_the_event_again_bears_a_crash_at_each_point(CancellationToken ct)
    {
        var robot = new Robot();
        await using var given = await Given.StartAsync(ct, Page.ConfigureCrashes, services => Application(services, robot), carillon => carillon.UseInMemoryTransport(new()));

        await Page.Crash(given);

        // All but the event whose emitter died before anything was written; each once, though one was asked for twice.
        robot.Packed.Values.ShouldBe(CrashPoints.All.Where(point => point != CrashPoint.BeforeAdd).Select(point => $"{point}"), ignoreOrder: true);
        robot.Asked.ShouldBe(robot.Packed.Count + 1);
    }

    public static async Task A_trace_tells_who_was_called(CancellationToken ct)
    {
        await using var given = await StartAsync(ct, test: carillon => carillon.UseTracing());

        await Page.Trace(given);

        given.Get<IDispatchTrace>().Dispatches.ShouldHaveSingleItem().Called.Select(listener => listener.Id).ShouldBe(["OrderListeners.Count", "OrderListeners.Pack", "carillon.publish"], ignoreOrder: true);
    }

    public static async Task A_saga_completes_and_takes_its_time_out_back(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.SagaCompletes(given);

        await given.Application!.Services.OnlyDeliveryAsync("carillon.schedule", DeliveryState.Discarded, ct);
    }

    public static async Task A_saga_gives_up_when_its_time_has_come_and_is_undone(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.SagaGivesUp(given);

        given.Get<EventRecorder>().Only<ParcelRefunded>().Sku.ShouldBe("lamp");
        (await given.Get<ISagas>().CountAsync("parcel", ct)).ShouldHaveSingleItem().ShouldBe(new(SagaStatus.Compensated, 1));
    }

    public static async Task A_saga_takes_each_event_once(CancellationToken ct)
    {
        await using var given = await StartAsync(ct);

        await Page.SagaTwice(given);
    }

    public static async Task A_step_of_a_saga_is_taken_once_through_a_crash_at_each_point(CancellationToken ct)
    {
        await using var given = await Given.StartAsync(ct, Page.ConfigureSagaCrashes, services => Application(services, new Robot()), carillon => carillon.UseInMemoryTransport(new()));

        await Page.SagaCrash(given);

        (await given.Get<ISagas>().CountAsync("parcel", ct)).ShouldHaveSingleItem().Value.ShouldBe(CrashPoints.All.Count - 1);
    }

    public static async Task A_projection_is_waited_for_and_rebuilt(CancellationToken ct)
    {
        await using var given = await StartProjectionAsync(ct);

        await Page.Projection(given);

        (await given.Get<IProjections>().GetAsync("pieces-sold", ct)).Generation.ShouldBe(2);
    }

    public static async Task A_projection_stops_on_what_it_cannot_take_and_goes_on_without_it(CancellationToken ct)
    {
        await using var given = await StartProjectionAsync(ct);

        await Page.ProjectionFails(given);

        var state = await given.Get<IProjections>().GetAsync("pieces-sold", ct);
        (state.Status, state.Position, state.Lag).ShouldBe((ProjectionStatus.Running, 2, 0));
    }

    public static async Task A_rule_for_a_failure_says_when_it_is_tried_again(CancellationToken ct)
    {
        var robot = new Robot { Failures = 100, Failure = () => new TimeoutException("The robot does not answer.") };
        await using var given = await StartAsync(ct, robot, OrderRetries.Add);

        await Page.RetryTimes(given);

        robot.Asked.ShouldBe(4);
    }

    public static async Task A_rule_says_that_a_failure_is_not_tried_again_but_by_hand(CancellationToken ct)
    {
        var robot = new Robot { Failures = 1, Failure = () => new ArgumentException("There is no such article.") };
        await using var given = await StartAsync(ct, robot, OrderRetries.Add);

        await Page.RetryNever(given);

        robot.Asked.ShouldBe(2);
        robot.Packed.Count.ShouldBe(1);
    }

    public static Task A_shape_survives(CancellationToken ct) => Page.Shape(new Given());

    private static Task<Given> StartAsync(CancellationToken ct, Robot? robot = null, Action<CarillonBuilder>? test = null) =>
        Given.StartAsync(ct, Page.Configure, services => Application(services, robot ?? new Robot()), carillon =>
        {
            carillon.UseInMemoryTransport(new());
            test?.Invoke(carillon);
        });

    private static Task<Given> StartProjectionAsync(CancellationToken ct) =>
        Given.StartAsync(ct, Page.ConfigureProjection, services => Application(services, new Robot()), carillon => carillon.UseInMemoryTransport(new()));

    private static void Application(IServiceCollection services, Robot robot) => services
        .AddSingleton<Sales>()
        .AddSingleton<IRobot>(robot)
        .AddCarillon(carillon => carillon.AddListeners());

    private sealed class Robot : IRobot
    {
        public int Failures { get; set; }

        public Func<Exception> Failure { get; set; } = () => new IOException("The robot is stuck.");

        public int Asked { get; private set; }

        public Dictionary<Guid, string> Packed { get; } = [];

        public Task PackAsync(Guid orderId, string sku, CancellationToken ct)
        {
            Asked++;
            if (Failures-- > 0)
            {
                throw Failure();
            }

            Packed.TryAdd(orderId, sku);
            return Task.CompletedTask;
        }
    }
}
