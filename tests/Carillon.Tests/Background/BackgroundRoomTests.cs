using Carillon.Background;
using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Listeners;
using Carillon.Testing;
using Carillon.Tests.Deliveries;
using Carillon.Tests.Transactions;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Background;

/// <summary>Room for all that one dispatch leaves to the background, or for nothing of it.</summary>
public sealed class BackgroundRoomTests : DeliveriesByHand
{
    private readonly Gate _gate = new();

    [Fact]
    public async Task A_dispatch_without_room_for_all_its_background_listeners_leaves_nothing_behind()
    {
        await using var application = await StartAsync(Bounded(capacity: 2, WhenFull.Fail));
        await FillAsync(application);

        var error = await Should.ThrowAsync<CarillonException>(async () => await application.Events.DispatchAsync(new PairCounted(3), Cancellation));

        error.Message.ShouldContain("'pair.counted'");
        error.Message.ShouldContain("'first', 'second'");
        (await CountAsync()).ShouldBeEmpty();
        _gate.Open();
        await IdleAsync(application);
        _gate.Ran.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task Places_are_free_again_when_the_deliveries_cannot_be_recorded()
    {
        var store = new RefusingStore(Store) { Refuses = true };
        await using var application = await StartAsync(Bounded(capacity: 3, WhenFull.Fail), store);
        await FillAsync(application);

        await Should.ThrowAsync<DeliveryStoreException>(async () => await application.Events.DispatchAsync(new PairCounted(3), Cancellation));
        store.Refuses = false;
        await application.Events.DispatchAsync(new PairCounted(4), Cancellation);
        _gate.Open();
        await IdleAsync(application);

        _gate.Ran.ShouldBe([1, 2, 4, 4]);
        (await ListAsync()).ShouldHaveSingleItem().ListenerId.ShouldBe("durable");
    }

    [Fact] // Each would hold what the other one waits for
    public async Task Two_dispatches_that_wait_for_several_places_do_not_hold_each_other_up()
    {
        await using var application = await StartAsync(Bounded(capacity: 2));
        await FillAsync(application);

        var third = application.Events.DispatchAsync(new PairCounted(3), Cancellation).AsTask();
        var fourth = application.Events.DispatchAsync(new PairCounted(4), Cancellation).AsTask();
        third.IsCompleted.ShouldBeFalse();
        (await CountAsync()).ShouldBeEmpty();
        _gate.Open();
        await Task.WhenAll(third, fourth);
        await IdleAsync(application);

        _gate.Ran.ShouldBe([1, 2, 3, 3, 4, 4]);
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_for_several_places_lets_those_behind_pass()
    {
        await using var application = await StartAsync(Bounded(capacity: 2));
        await FillAsync(application);
        using var source = new CancellationTokenSource();

        var third = application.Events.DispatchAsync(new PairCounted(3), source.Token).AsTask();
        var fourth = application.Events.DispatchAsync(new NumberCounted(4), Cancellation).AsTask();
        fourth.IsCompleted.ShouldBeFalse();
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => third);
        await fourth;
        _gate.Open();
        await IdleAsync(application);

        _gate.Ran.ShouldBe([1, 2, 4]);
        (await CountAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(WhenFull.Wait)]
    [InlineData(WhenFull.Fail)]
    public async Task An_event_with_more_background_listeners_than_there_are_places_takes_all_of_them_and_the_rest_come_on_top(WhenFull whenFull)
    {
        _gate.Open();
        await using var application = await StartAsync(Bounded(capacity: 1, whenFull));

        for (var number = 1; number <= 3; number++)
        {
            await application.Events.DispatchAsync(new PairCounted(number), Cancellation);
            await IdleAsync(application);
        }

        _gate.Ran.ShouldBe([1, 1, 2, 2, 3, 3]);
    }

    [Theory]
    [InlineData(WhenFull.DropOldest)]
    [InlineData(WhenFull.DropNewest)]
    public async Task Nothing_is_dropped_for_a_dispatch_whose_deliveries_cannot_be_recorded(WhenFull whenFull)
    {
        var store = new RefusingStore(Store) { Refuses = true };
        await using var application = await StartAsync(Bounded(capacity: 1, whenFull), store);
        await FillAsync(application);

        await Should.ThrowAsync<DeliveryStoreException>(async () => await application.Events.DispatchAsync(new PairCounted(3), Cancellation));
        _gate.Open();
        await IdleAsync(application);

        _gate.Ran.ShouldBe([1, 2]);
        application.Log.Entries.ShouldNotContain(entry => entry.Id == 402);
    }

    [Fact] // Its deliveries are there: a failure would have its emitter dispatch it again
    public async Task What_the_process_ends_over_while_its_deliveries_are_recorded_is_lost_by_name_and_its_dispatch_does_not_fail()
    {
        _gate.Open();
        var store = new RefusingStore(Store);
        await using var application = await StartAsync(Bounded(capacity: 2), store);
        store.Recording = () => application.StopAsync();

        await application.Events.DispatchAsync(new PairCounted(1), Cancellation);

        _gate.Ran.ShouldBeEmpty();
        application.Log.Entries.Count(entry => entry.Id == 404).ShouldBe(2);
        (await ListAsync()).ShouldHaveSingleItem().ListenerId.ShouldBe("durable");
    }

    // One runs, at the closed gate, and one waits.
    private async Task FillAsync(Application application)
    {
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await _gate.Began.Task;
        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);
    }

    private Task<Application> StartAsync(Action<BackgroundOptions> configure, IDeliveryStore? store = null) => Application.StartAsync(carillon => carillon
        .UseStore(_ => store ?? Store)
        .RunDeliveriesByHand()
        .UseBackground(configure)
        .Listen<NumberCounted>(_gate.PassAsync, InBackground("gated"))
        .AddEvent<PairCounted>()
        .Listen<PairCounted>(PassAsync, InBackground("first"))
        .Listen<PairCounted>(PassAsync, InBackground("second"))
        .Listen<PairCounted>(_ => { }, Durable("durable")));

    private ValueTask PassAsync(PairCounted e, CancellationToken token) => _gate.PassAsync(new NumberCounted(e.Number), token);

    private static Action<BackgroundOptions> Bounded(int capacity, WhenFull whenFull = WhenFull.Wait) =>
        options => (options.Capacity, options.MaxConcurrency, options.WhenFull) = (capacity, 1, whenFull);

    private static Action<ListenOptions> InBackground(string id) => options => (options.Delivery, options.Id) = (Delivery.Background, id);

    private static Task IdleAsync(Application application) => application.Services.GetRequiredService<IBackgroundListeners>().WhenIdleAsync(Cancellation);

    internal sealed record PairCounted(int Number);

    private sealed class RefusingStore(InMemoryDeliveryStore store) : StoreAround(store)
    {
        internal bool Refuses { get; set; }

        internal Func<Task>? Recording { get; set; }

        public override async ValueTask AddAsync(IReadOnlyList<NewDelivery> deliveries, CancellationToken cancellationToken)
        {
            if (Refuses)
            {
                throw new DeliveryStoreException("It is away.");
            }

            if (Recording is { } recording)
            {
                await recording();
            }

            await base.AddAsync(deliveries, cancellationToken);
        }
    }
}
