using Carillon.Deliveries;
using Carillon.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Testing.Tests;

/// <summary>D5; conformance 221, 437, 438, 441, 442.</summary>
public sealed class FakeTests
{
    private readonly List<string> _ran = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact] // 438
    public async Task No_listener_of_a_faked_event_runs_and_another_event_is_real_with_its_result()
    {
        await using var application = await StartAsync();
        using var fake = application.Recorder.Fake<OrderPlaced>();

        await application.DispatchAsync(new OrderPlaced("A-1"));
        IReadOnlyList<string> results = [];
        await application.InScopeAsync(async services => results = await services.GetRequiredService<IEventDispatcher>().CollectAsync<string>(new PriceAsked(), Cancellation));
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _ran.ShouldBe(["price"]);
        results.ShouldBe(["9.99"]);
        application.Recorder.Dispatches.Select(dispatch => (dispatch.Name, dispatch.IsFake)).ShouldBe([("order.placed", true), ("price.asked", false)]);
        application.Recorder.OnlyCommitted<OrderPlaced>();
    }

    [Fact] // 441
    public async Task When_the_fake_ends_the_event_is_real_again()
    {
        await using var application = await StartAsync();
        using (application.Recorder.Fake<OrderPlaced>())
        {
            await application.DispatchAsync(new OrderPlaced("faked"));
        }

        await application.DispatchAsync(new OrderPlaced("real"));

        _ran.ShouldBe(["inline real"]);
    }

    [Fact] // 442
    public async Task A_faked_event_leaves_no_delivery_and_no_lock_of_a_unique_one()
    {
        await using var application = await StartAsync();
        using (application.Recorder.Fake<OrderPlaced>())
        {
            await application.DispatchAsync(new OrderPlaced("A-1"));
        }

        await application.Services.NoDeliveryAsync(cancellationToken: Cancellation);
        await application.DispatchAsync(new OrderPlaced("A-1"));
        (await application.Services.OnlyDeliveryAsync("durable", DeliveryState.Ready, Cancellation)).UniqueKey.ShouldNotBeNull();
    }

    [Fact] // 437
    public async Task A_task_that_the_test_starts_inherits_the_fake_and_another_flow_does_not_know_of_it()
    {
        await using var application = await StartAsync();
        var faked = new TaskCompletionSource();
        var other = Task.Run(
            async () =>
            {
                await faked.Task;
                await application.DispatchAsync(new OrderPlaced("real"));
            },
            Cancellation);

        using var fake = application.Recorder.Fake<OrderPlaced>();
        await Task.Run(() => application.DispatchAsync(new OrderPlaced("faked")), Cancellation);
        faked.SetResult();
        await other;

        _ran.ShouldBe(["inline real"]);
    }

    [Fact]
    public async Task A_fake_can_choose_among_the_events_of_a_type()
    {
        await using var application = await StartAsync();
        using var fake = application.Recorder.Fake<OrderPlaced>(order => order.Sku == "faked");

        await application.DispatchAsync(new OrderPlaced("faked"));
        await application.DispatchAsync(new OrderPlaced("real"));

        _ran.ShouldBe(["inline real"]);
    }

    [Fact]
    public async Task A_fake_by_name_takes_what_is_emitted_by_it_and_the_event_of_the_type_that_has_it()
    {
        await using var application = await StartAsync();
        using var fake = application.Recorder.Fake("order.placed");

        await application.DispatchAsync(new OrderPlaced("A-1"));
        await application.InScopeAsync(async services => await services.GetRequiredService<IEventBus>().EmitAsync("order.placed", new OrderPlaced("A-2"), Cancellation));

        _ran.ShouldBeEmpty();
    }

    [Fact] // else its events would be real, and nobody would see why
    public void A_fake_by_a_pattern_is_refused() =>
        Should.Throw<ArgumentException>(() => new EventRecorder().Fake("order.*")).Message.ShouldContain("'order.*' is a pattern");

    [Fact]
    public async Task All_events_but_some_can_be_faked()
    {
        await using var application = await StartAsync();
        using var fake = application.Recorder.FakeAllBut(typeof(PriceAsked));

        await application.DispatchAsync(new OrderPlaced("A-1"));
        await application.DispatchAsync(new PriceAsked());

        _ran.ShouldBe(["price"]);
    }

    [Fact]
    public async Task An_application_can_be_started_with_its_fakes()
    {
        await using var application = await StartAsync(carillon => carillon.FakeEvents<OrderPlaced>());

        await application.DispatchAsync(new OrderPlaced("A-1"));

        _ran.ShouldBeEmpty();
        application.Recorder.Only<OrderPlaced>();
    }

    [Fact] // 221
    public async Task A_faked_event_whose_unit_of_work_is_rolled_back_is_not_committed()
    {
        await using var application = await TestApplication.StartOnSqliteAsync(static _ => { });
        using var fake = application.Recorder.Fake<OrderPlaced>();

        await application.InScopeAsync(async services =>
        {
            await using var connection = await application.OpenAsync();
            await using var work = await services.GetRequiredService<IUnitOfWorkFactory>().BeginAsync(connection, Cancellation);
            await services.GetRequiredService<IEventDispatcher>().DispatchAsync(new OrderPlaced("A-1"), Cancellation);
        });

        application.Recorder.Only<OrderPlaced>();
        application.Recorder.NoneCommitted<OrderPlaced>();
    }

    private Task<TestApplication> StartAsync(Action<CarillonBuilder>? configureTest = null) => TestApplication.StartAsync(
        carillon => carillon
            .Listen<OrderPlaced>(order => _ran.Add($"inline {order.Sku}"))
            .Listen<OrderPlaced>(
                order => _ran.Add($"durable {order.Sku}"),
                options => (options.Id, options.Delivery, options.Unique) = ("durable", Delivery.Durable, new(UniqueUntil.Done)))
            .Listen<PriceAsked, string>(_ =>
            {
                _ran.Add("price");
                return "9.99";
            }),
        configureTest);

    [Event("order.placed")]
    internal sealed record OrderPlaced(string Sku);

    [Event("price.asked")]
    internal sealed record PriceAsked;
}
