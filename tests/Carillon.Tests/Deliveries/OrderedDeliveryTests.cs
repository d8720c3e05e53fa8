using Carillon.Deliveries;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Deliveries;

/// <summary>Deliveries of one key, one after the other.</summary>
public sealed class OrderedDeliveryTests : DeliveriesByHand
{
    private readonly List<string> _seen = [];

    [Fact] // Conformance 314, 316: order through retries; other keys go on
    public async Task A_key_keeps_its_order_through_retries_and_others_go_on()
    {
        var failures = 2;
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            e =>
            {
                if (e.Number == 1 && failures-- > 0)
                {
                    throw new InvalidOperationException("not yet");
                }

                _seen.Add($"{e.Number}");
            },
            Durable("count")));
        await Store.AddAsync([Of("a", 1), Of("a", 2), Of("b", 10), Of("a", 3), Of("b", 11)], Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        _seen.ShouldBe(["10", "11"]);
        await application.Services.DrainDeliveriesAsync(Time.GetUtcNow().AddMinutes(1), cancellationToken: Cancellation);

        _seen.ShouldBe(["10", "11", "1", "2", "3"]);
    }

    [Fact] // Conformance 316
    public async Task Those_behind_a_failed_head_wait_until_it_is_discarded()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            e =>
            {
                if (e.Number == 1)
                {
                    throw new UnrecoverableListenerException("broken");
                }

                _seen.Add($"{e.Number}");
            },
            Durable("count")));
        await Store.AddAsync([Of("a", 1), Of("a", 2)], Cancellation);
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);
        var deliveries = await ListAsync();
        deliveries.Select(delivery => delivery.State).ShouldBe([DeliveryState.Parked, DeliveryState.Failed]);
        deliveries[0].Behind.ShouldBe(deliveries[1].Id);

        (await application.Services.GetRequiredService<IDeliveries>().DiscardAsync(deliveries[1].Id, Cancellation)).ShouldBeTrue();
        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _seen.ShouldBe(["2"]);
    }

    [Fact] // Conformance 322
    public async Task Those_behind_a_failed_one_go_on_where_failed_ones_are_skipped()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            e =>
            {
                if (e.Number == 1)
                {
                    throw new UnrecoverableListenerException("broken");
                }

                _seen.Add($"{e.Number}");
            },
            Durable("count")));
        await Store.AddAsync([Of("a", 1, skipsFailed: true), Of("a", 2, skipsFailed: true)], Cancellation);

        await application.Services.DrainDeliveriesAsync(cancellationToken: Cancellation);

        _seen.ShouldBe(["2"]);
    }

    [Fact] // B11: the key is the event's, the order the listener's
    public async Task What_is_dispatched_to_an_ordered_listener_keeps_the_order_of_its_key()
    {
        var failures = 1;
        await using var application = await StartAsync(carillon => carillon.Listen<StockCounted>(
            e =>
            {
                if (e.Left == 1 && failures-- > 0)
                {
                    throw new InvalidOperationException("not yet");
                }

                _seen.Add($"{e.Sku}{e.Left}");
            },
            options =>
            {
                Durable("stock")(options);
                options.Ordered = true;
            }));
        foreach (var (sku, left) in new[] { ("a", 1), ("a", 2), ("b", 3) })
        {
            await application.Events.DispatchAsync(new StockCounted(sku, left), Cancellation);
        }

        await application.Services.DrainDeliveriesAsync(Time.GetUtcNow().AddMinutes(1), cancellationToken: Cancellation);

        _seen.ShouldBe(["b3", "a1", "a2"]);
    }

    [Fact] // The one before is settled: the next starts at once, without a poll
    public async Task The_next_of_a_key_starts_as_soon_as_the_one_before_is_settled()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Store.AddAsync([.. Enumerable.Range(1, 50).Select(number => Of("a", number))], Cancellation);
        await using var application = await Application.StartAsync(carillon => carillon
            .UseStore(_ => Store)
            .UseSimulatedTime(Time)
            .ConfigureWorker(worker => worker.PollInterval = TimeSpan.FromHours(1))
            .Listen<NumberCounted>(
                e =>
                {
                    _seen.Add($"{e.Number}");
                    if (e.Number == 50)
                    {
                        done.SetResult();
                    }
                },
                Durable("count")));

        await done.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);

        _seen.ShouldBe(Enumerable.Range(1, 50).Select(number => $"{number}"));
    }

    private NewDelivery Of(string key, int number, bool skipsFailed = false)
    {
        var delivery = Stored($$"""{"number":{{number}}}""");
        return new() { Envelope = delivery.Envelope, ListenerId = delivery.ListenerId, DueAt = delivery.DueAt, Key = new DeliveryKey(key) { IsOrdered = true, SkipsFailed = skipsFailed } };
    }
}

[Event("stock.counted")]
internal sealed record StockCounted(string Sku, int Left) : IKeyedEvent
{
    string? IKeyedEvent.Key => Sku;
}
