using Carillon.Deliveries;
using Carillon.Testing;
using Carillon.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Deliveries;

/// <summary>Duplicates that are recognised; conformance 273, 395.</summary>
public sealed class RememberedEventTests : DeliveriesByHand
{
    private int _calls;

    [Fact]
    public async Task A_second_delivery_of_an_event_that_was_completed_is_recognised()
    {
        await using var application = await StartAsync(carillon => carillon.UseInbox(TimeSpan.FromHours(1)).Listen<NumberCounted>(_ => _calls++, Durable("count")));
        var delivery = Stored("""{"number":1}""");
        await StoreTwiceAsync(delivery);

        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(2);

        _calls.ShouldBe(1);
        (await CountAsync()).ShouldBeEmpty();
        application.Log.Entries.ShouldContain(entry => entry.Id == 108);
    }

    [Fact]
    public async Task It_is_new_again_when_the_time_is_over()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => _calls++, options =>
        {
            Durable("count")(options);
            options.Remember = TimeSpan.FromMinutes(1);
        }));
        var delivery = Stored("""{"number":1}""");
        await Store.AddAsync([delivery], Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        Time.Advance(TimeSpan.FromMinutes(1));
        await Store.AddAsync([Again(delivery)], Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _calls.ShouldBe(2);
    }

    [Fact]
    public async Task An_attempt_that_failed_is_no_completion()
    {
        await using var application = await StartAsync(carillon => carillon
            .UseInbox(TimeSpan.FromHours(1))
            .Listen<NumberCounted>(
                _ =>
                {
                    if (++_calls == 1)
                    {
                        throw new InvalidOperationException("not yet");
                    }
                },
                Durable("count")));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        await application.Services.DrainDeliveriesAsync(Time.GetUtcNow().AddMinutes(1), cancellationToken: Cancellation);

        _calls.ShouldBe(2);
    }

    [Fact]
    public async Task Another_listener_of_the_event_has_not_completed_it()
    {
        await using var application = await StartAsync(carillon => carillon
            .UseInbox(TimeSpan.FromHours(1))
            .Listen<NumberCounted>(_ => _calls++, Durable("one"))
            .Listen<NumberCounted>(_ => _calls++, Durable("other")));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_completed_one_that_a_person_retries_runs_again_although_it_was_remembered()
    {
        await using var application = await StartAsync(carillon => carillon
            .UseInbox(TimeSpan.FromHours(1))
            .ConfigureWorker(worker => worker.KeepCompleted = TimeSpan.FromHours(1))
            .Listen<NumberCounted>(_ => _calls++, Durable("count")));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        (await application.Services.GetRequiredService<IDeliveries>().RetryAsync((await ListAsync())[0].Id, Cancellation)).ShouldBeTrue();
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_store_that_is_away_when_the_completion_is_noted_does_not_make_the_listener_run_again()
    {
        var flaky = new FlakyStore(Store) { RefusesToNote = 2 };
        await using var application = await Application.StartAsync(carillon => carillon
            .UseStore(_ => flaky)
            .UseSimulatedTime(Time)
            .RunDeliveriesByHand()
            .UseInbox(TimeSpan.FromHours(1))
            .Listen<NumberCounted>(_ => _calls++, Durable("count")));
        await StoreTwiceAsync(Stored("""{"number":1}"""));

        var draining = application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        await Waiting.UntilAsync(() =>
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(draining.IsCompleted);
        });
        await draining;

        _calls.ShouldBe(1);
        application.Log.Entries.Count(entry => entry.Id == 201).ShouldBe(2);
    }

    [Fact]
    public async Task A_store_that_does_not_tell_whether_it_was_completed_costs_the_listener_no_attempt()
    {
        var flaky = new FlakyStore(Store) { RefusesToTell = 2 };
        await using var application = await Application.StartAsync(carillon => carillon
            .UseStore(_ => flaky)
            .UseSimulatedTime(Time)
            .RunDeliveriesByHand()
            .UseInbox(TimeSpan.FromHours(1))
            .Listen<NumberCounted>(_ => _calls++, Durable("count", maxAttempts: 1)));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        (await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation)).ShouldBe(3);

        _calls.ShouldBe(1);
        (await CountAsync()).ShouldBeEmpty();
    }

    private async Task StoreTwiceAsync(NewDelivery delivery) => await Store.AddAsync([delivery, Again(delivery)], Cancellation);

    private static NewDelivery Again(NewDelivery delivery) => new() { Envelope = delivery.Envelope, ListenerId = delivery.ListenerId, DueAt = delivery.DueAt };
}
