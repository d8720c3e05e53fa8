using Carillon;
using Carillon.Deliveries;
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

    public static Task A_shape_survives(CancellationToken ct) => Page.Shape(new Given());

    private static Task<Given> StartAsync(CancellationToken ct, Robot? robot = null, Action<CarillonBuilder>? test = null) =>
        Given.StartAsync(ct, Page.Configure, services => Application(services, robot ?? new Robot()), carillon =>
        {
            carillon.UseInMemoryTransport(new());
            test?.Invoke(carillon);
        });

    private static void Application(IServiceCollection services, Robot robot) => services
        .AddSingleton<Sales>()
        .AddSingleton<IRobot>(robot)
        .AddCarillon(carillon => carillon.AddListeners());

    private sealed class Robot : IRobot
    {
        public int Failures { get; set; }

        public int Asked { get; private set; }

        public Dictionary<Guid, string> Packed { get; } = [];

        public Task PackAsync(Guid orderId, string sku, CancellationToken ct)
        {
            Asked++;
            if (Failures-- > 0)
            {
                throw new System.IO.IOException("The robot is stuck.");
            }

            Packed.TryAdd(orderId, sku);
            return Task.CompletedTask;
        }
    }
}
