using System.Diagnostics.Metrics;
using Carillon.Deliveries;
using Carillon.Tests.Attack;
using Carillon.Tests.Deliveries;
using Carillon.Tests.Hosting;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Diagnostics;

/// <summary>What is counted and measured of deliveries.</summary>
[Collection(AloneCollection.Name)]
public sealed class MetricTests : DeliveriesByHand
{
    [Fact]
    public async Task What_is_stored_and_completed_is_counted_by_queue_event_and_listener()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => { }, Durable("count")));
        using var measures = MeasuresOf(application);

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(8), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        measures.Sum("carillon.deliveries.stored").ShouldBe(2);
        measures.Sum("carillon.deliveries.completed").ShouldBe(2);
        Dictionary<string, object?> tags = new() { ["messaging.destination.name"] = "default", ["carillon.event.name"] = "number.counted", ["carillon.listener.id"] = "count" };
        measures.Of("carillon.deliveries.stored")[0].Tags.ShouldBe(tags, ignoreOrder: true);
        measures.Of("carillon.deliveries.completed")[0].Tags.ShouldBe(tags, ignoreOrder: true);
        measures.Of("carillon.lease.batch_size").ShouldHaveSingleItem().Value.ShouldBe(2);
    }

    [Fact]
    public async Task A_retry_and_the_last_failure_are_counted_apart_and_every_attempt_is_measured()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            _ =>
            {
                Time.Advance(TimeSpan.FromSeconds(2));
                throw new InvalidOperationException("never");
            },
            Durable("count", maxAttempts: 2)));
        using var measures = MeasuresOf(application);

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        Time.Advance(TimeSpan.FromSeconds(3));
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        await application.Services.DrainDeliveriesAsync(Time.GetUtcNow().AddDays(1), cancellationToken: Cancellation);

        (measures.Sum("carillon.deliveries.retried"), measures.Sum("carillon.deliveries.failed"), measures.Sum("carillon.deliveries.completed")).ShouldBe((1, 1, 0));
        var attempts = measures.Of("carillon.attempt.duration");
        attempts.Select(attempt => attempt.Value).ShouldBe([2, 2]);
        attempts.Select(attempt => attempt.Tags["carillon.delivery.outcome"]).ShouldBe(["retried", "failed"]);
        attempts.ShouldAllBe(attempt => (string?)attempt.Tags["error.type"] == "System.InvalidOperationException");
        measures.Of("carillon.attempt.lag")[0].Value.ShouldBe(3);
    }

    [Fact]
    public async Task Parked_discarded_and_cancelled_ones_are_counted()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            (_, context, _) => { context.Discard("no use"); return ValueTask.CompletedTask; }, Durable("count")));
        using var measures = MeasuresOf(application);
        var deliveries = application.Services.GetRequiredService<IDeliveries>();
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await Store.AddAsync([Unknown()], Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(8), Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(9), Cancellation);

        await deliveries.CancelAsync(3, Cancellation);
        await deliveries.DiscardAsync(4, Cancellation);

        (measures.Sum("carillon.deliveries.parked"), measures.Sum("carillon.deliveries.cancelled"), measures.Sum("carillon.deliveries.discarded")).ShouldBe((1, 1, 2));
        application.Log.Entries.Where(entry => entry.Id == 112).Select(entry => entry.Message).ShouldBe(["By hand 1 deliveries were cancelled.", "By hand 1 deliveries were discarded."]);
    }

    [Fact]
    public async Task A_lost_lease_is_counted_and_the_delivery_is_not()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            async (_, _) =>
            {
                // The lease ends, and another worker takes over.
                Time.Advance(TimeSpan.FromMinutes(10));
                await Store.LeaseAsync(new LeaseRequest(new DeliveryLease("another", Time.GetUtcNow().AddMinutes(1)), Time.GetUtcNow(), 1), Cancellation);
            },
            Durable("count")));
        using var measures = MeasuresOf(application);

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        (measures.Sum("carillon.leases.lost"), measures.Sum("carillon.deliveries.completed")).ShouldBe((1, 0));
    }

    [Fact]
    public async Task A_dispatch_is_measured()
    {
        await using var application = await Application.StartAsync(
            carillon => carillon.UseTelemetry().UseSimulatedTime(Time).Listen<NumberCounted>(_ => Time.Advance(TimeSpan.FromSeconds(1))), Metered);
        using var measures = MeasuresOf(application);
        using var scope = application.Services.CreateScope();

        await scope.ServiceProvider.GetRequiredService<IEventDispatcher>().DispatchAsync(new NumberCounted(7), Cancellation);

        var dispatch = measures.Of("carillon.dispatch.duration").ShouldHaveSingleItem();
        dispatch.Value.ShouldBe(1);
        dispatch.Tags.ShouldBe(new Dictionary<string, object?> { ["carillon.event.name"] = "number.counted" });
    }

    [Fact]
    public async Task The_gauges_say_what_waits_and_for_how_long_from_one_look_into_the_store()
    {
        var store = new FlakyStore(Store);
        await using var application = await StartWorkerAsync(store);
        // The sweeper asks as it starts.
        await Waiting.UntilAsync(() => Task.FromResult(store.QueuesListed > 0));
        await application.Services.GetRequiredService<IDeliveries>().PauseAsync("default", Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(8), Cancellation);
        Time.Advance(TimeSpan.FromSeconds(30));
        using var measures = MeasuresOf(application);
        var before = store.QueuesListed;

        var waiting = measures.Collect("carillon.queue.waiting").ShouldHaveSingleItem();
        var oldest = measures.Of("carillon.queue.oldest_age").ShouldHaveSingleItem();
        measures.Collect("carillon.queue.waiting");

        (waiting.Value, waiting.Tags["messaging.destination.name"]).ShouldBe((2, "default"));
        oldest.Value.ShouldBe(30);
        (store.QueuesListed - before).ShouldBe(1);
    }

    [Fact]
    public async Task A_queue_in_which_nothing_waits_says_so()
    {
        await using var application = await StartWorkerAsync(Store);
        using var measures = MeasuresOf(application);

        measures.Collect("carillon.queue.waiting").ShouldHaveSingleItem().Value.ShouldBe(0);
        measures.Of("carillon.queue.oldest_age").ShouldHaveSingleItem().Value.ShouldBe(0);
        measures.Of("carillon.deliveries.in_hand").ShouldHaveSingleItem().Value.ShouldBe(0);
    }

    [Fact]
    public async Task The_store_is_not_asked_while_nobody_collects()
    {
        var store = new FlakyStore(Store);
        await using var application = await StartWorkerAsync(store);
        using var measures = MeasuresOf(application);
        // The sweeper asks as it starts.
        await Waiting.UntilAsync(() => Task.FromResult(store.QueuesListed > 0));
        var before = store.QueuesListed;

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await Waiting.UntilAsync(async () => (await CountAsync()).Count == 0);

        store.QueuesListed.ShouldBe(before);
    }

    [Fact]
    public async Task What_is_in_hand_is_what_this_process_holds()
    {
        var (started, end) = (Signal(), Signal());
        await using var application = await Application.StartAsync(
            carillon => carillon.UseStore(_ => Store).Listen<NumberCounted>(
                async (_, _) =>
                {
                    started.SetResult();
                    await end.Task;
                },
                Durable("count")),
            Metered);
        using var measures = MeasuresOf(application);

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);

        measures.Collect("carillon.deliveries.in_hand").ShouldHaveSingleItem().Value.ShouldBe(1);
        end.SetResult();
        await Waiting.UntilAsync(() => Task.FromResult(measures.Collect("carillon.deliveries.in_hand").Single().Value == 0));
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_leaves_the_gauges_silent()
    {
        var store = new FlakyStore(Store);
        await using var application = await StartWorkerAsync(store);
        await Waiting.UntilAsync(() => Task.FromResult(store.QueuesListed > 0));
        using var measures = MeasuresOf(application);
        measures.Collect("carillon.queue.waiting").ShouldNotBeEmpty();
        store.IsAway = true;
        Time.Advance(TimeSpan.FromSeconds(5));

        measures.Collect("carillon.queue.waiting").ShouldBeEmpty();

        application.Log.Entries.ShouldContain(entry => entry.Id == 201 && entry.Message.Contains("counted what waits"));
    }

    [Fact] // Conformance 137
    public async Task A_reader_of_measures_that_throws_disturbs_nobody()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => { }, Durable("count")));
        using var throwing = new MeterListener();
        throwing.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Carillon")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        throwing.SetMeasurementEventCallback<long>((_, _, _, _) => throw new InvalidOperationException("the reader is broken"));
        throwing.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("the reader is broken"));
        throwing.SetMeasurementEventCallback<int>((_, _, _, _) => throw new InvalidOperationException("the reader is broken"));
        throwing.Start();

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        (await CountAsync()).ShouldBeEmpty();
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Metered(IServiceCollection services) => services.AddMetrics();

    private static RecordedMeasures MeasuresOf(Application application) => new(application.Services.GetRequiredService<IMeterFactory>());

    private new Task<Application> StartAsync(Action<CarillonBuilder> configure) =>
        Application.StartAsync(carillon => configure(carillon.UseStore(_ => Store).UseSimulatedTime(Time).RunDeliveriesByHand()), Metered);

    private Task<Application> StartWorkerAsync(IDeliveryStore store) => Application.StartAsync(
        carillon => carillon.UseStore(_ => store).UseSimulatedTime(Time).Listen<NumberCounted>(_ => { }, Durable("count")), Metered);

    private NewDelivery Unknown() => new() { Envelope = Stored("{}").Envelope, ListenerId = "nobody", DueAt = Time.GetUtcNow() };
}
