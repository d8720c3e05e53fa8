using Carillon.Deliveries;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Deliveries;

public sealed class FailedDeliveryTests : DeliveriesByHand
{
    [Fact] // B9, conformance 275
    public async Task A_failed_attempt_comes_again_after_growing_delays()
    {
        var attempts = new List<DateTimeOffset>();
        await using var application = await StartAsync(carillon => carillon
            .ConfigureRetries(retries => retries.Jitter = 0)
            .Listen<NumberCounted>(
                _ =>
                {
                    attempts.Add(Time.GetUtcNow());
                    throw new InvalidOperationException("not yet");
                },
                Durable("failing")));
        var start = Time.GetUtcNow();
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        for (var second = 0; second <= 8; second++)
        {
            await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        attempts.Select(at => (at - start).TotalSeconds).ShouldBe([0, 1, 3, 7]);
    }

    [Fact] // B9, conformance 410 (the last error; all of them come with the history)
    public async Task After_the_last_attempt_it_is_kept_as_failed_with_the_reason()
    {
        await using var application = await StartAsync(carillon => carillon
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero)
            .Listen<NumberCounted>(_ => throw new InvalidOperationException("the reason"), Durable("failing", maxAttempts: 3)));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(3);

        var failed = (await ListAsync()).ShouldHaveSingleItem();
        failed.State.ShouldBe(DeliveryState.Failed);
        failed.Attempts.ShouldBe(3);
        failed.Error.ShouldNotBeNull().ShouldContain("the reason");
        application.Log.Entries.ShouldContain(entry => entry.Id == 101 && entry.Level == LogLevel.Error && entry.Message.Contains("failing"));
    }

    [Fact] // B9
    public async Task A_failed_delivery_can_be_retried_and_then_has_all_its_attempts_again()
    {
        var working = false;
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>(_ => working.ShouldBeTrue(), Durable("failing", maxAttempts: 1)));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        var deliveries = application.Services.GetRequiredService<IDeliveries>();
        var failed = (await deliveries.ListAsync(new DeliveryQuery { State = DeliveryState.Failed }, Cancellation)).ShouldHaveSingleItem();

        working = true;
        (await deliveries.RetryAsync(failed.Id, Cancellation)).ShouldBeTrue();
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        (await CountAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failed_delivery_can_be_discarded()
    {
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>(_ => throw new InvalidOperationException(), Durable("failing", maxAttempts: 1)));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        var deliveries = application.Services.GetRequiredService<IDeliveries>();

        (await deliveries.DiscardAsync((await ListAsync())[0].Id, Cancellation)).ShouldBeTrue();

        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Discarded);
    }

    [Fact] // C4, bad input: an unknown event name in the store
    public async Task An_unknown_event_is_parked_and_comes_back_when_an_application_knows_it()
    {
        var seen = new List<object>();
        await using (var newer = await StartAsync(carillon => carillon.Listen<NumberCounted>(seen.Add, Durable("count"))))
        {
            await newer.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        }

        await using (var older = await StartAsync(carillon => carillon.Listen<SquareDrawn>(_ => { })))
        {
            await older.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
            var parked = (await ListAsync()).ShouldHaveSingleItem();
            parked.State.ShouldBe(DeliveryState.Parked);
            parked.Attempts.ShouldBe(0);
            parked.Error.ShouldNotBeNull().ShouldContain("'number.counted'");
        }

        // With its worker, which sweeps at start.
        var ran = new TaskCompletionSource();
        await using var again = await Application.StartAsync(carillon => carillon
            .UseStore(_ => Store)
            .Listen<NumberCounted>(_ => ran.SetResult(), Durable("count")));
        await ran.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task A_delivery_of_an_unknown_listener_is_parked_with_the_mend()
    {
        await using (var newer = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => { }, Durable("renamed"))))
        {
            await newer.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        }

        await using var older = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => { }, Durable("new name")));
        await older.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        (await ListAsync()).ShouldHaveSingleItem().Error.ShouldNotBeNull().ShouldContain("'renamed'");
    }

    [Fact] // Conformance 141, bad input: a corrupt payload
    public async Task A_corrupt_payload_is_retried_and_then_kept_as_failed_and_its_neighbours_run()
    {
        var seen = new List<int>();
        await using var application = await StartAsync(carillon => carillon
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.Zero)
            .Listen<NumberCounted>(e => seen.Add(e.Number), Durable("count", maxAttempts: 2)));
        await Store.AddAsync([Stored("""{"number":"not a num"""), Stored("null"), Stored("""{"number":1}""")], Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        seen.ShouldBe([1]);
        var failed = await ListAsync();
        failed.Count.ShouldBe(2);
        failed.ShouldAllBe(delivery => delivery.State == DeliveryState.Failed && delivery.Attempts == 2 && delivery.Error!.Contains("number.counted"));
    }

    [Fact] // Conformance 233: a worker that died has used its attempt
    public async Task A_delivery_whose_worker_died_each_time_is_given_up_after_the_last_attempt()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => { }, Durable("count", maxAttempts: 2)));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        for (var death = 0; death < 2 + 5; death++)
        {
            var lease = new DeliveryLease("dead", Time.GetUtcNow().AddSeconds(1));
            (await Store.LeaseAsync(new LeaseRequest(lease, Time.GetUtcNow(), 10), Cancellation)).Count.ShouldBe(1);
            Time.Advance(TimeSpan.FromSeconds(2));
        }

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        var failed = (await ListAsync()).ShouldHaveSingleItem();
        failed.State.ShouldBe(DeliveryState.Failed);
        failed.Error.ShouldNotBeNull().ShouldContain("ended with their process");
    }
}
