using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Deliveries.Internal;
using Carillon.Envelopes;
using Carillon.Testing;

namespace Carillon.Tests.Deliveries;

/// <summary>Places in the worker that are kept for deliveries while they are committed.</summary>
public sealed class HandOverTests
{
    [Fact]
    public async Task A_place_that_was_kept_for_one_whose_turn_it_was_not_is_free_again()
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .UseStore(_ => new InMemoryDeliveryStore())
            .Listen<NumberCounted>(_ => { }, options => (options.Delivery, options.Id, options.Ordered) = (Delivery.Durable, "count", true)));
        var lane = await FindReadyLaneAsync(application);
        var handOver = DurableEngine.Get<HandOver>(application.Services);
        var places = CountPlaces(lane);
        var delivery = New();

        handOver.Claim([delivery], inTurn: true);
        delivery.Lease.ShouldNotBeNull();
        CountPlaces(lane).ShouldBe(places - 1);
        // As a store does whose key is not free.
        delivery.Lease = null;
        handOver.Committed([delivery]);

        await FindReadyLaneAsync(application);
        CountPlaces(lane).ShouldBe(places);
    }

    [Theory]
    [InlineData(true, false, false)] // The store cannot tell
    [InlineData(false, true, false)] // Several may run at once
    [InlineData(true, true, true)]
    public async Task One_with_a_key_is_kept_a_place_only_if_it_is_ordered_and_the_store_tells_its_turn(bool ordered, bool inTurn, bool isKept)
    {
        await using var application = await Application.StartAsync(carillon => carillon
            .UseStore(_ => new InMemoryDeliveryStore())
            .Listen<NumberCounted>(_ => { }, options => (options.Delivery, options.Id) = (Delivery.Durable, "count")));
        await FindReadyLaneAsync(application);
        var delivery = New(ordered);
        var handOver = DurableEngine.Get<HandOver>(application.Services);

        handOver.Claim([delivery], inTurn);

        (delivery.Lease is not null).ShouldBe(isKept);
        handOver.Abandon([delivery]);
    }

    private static NewDelivery New(bool ordered = true) => new()
    {
        Envelope = new Envelope { Id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch), EventName = "number.counted", Time = DateTimeOffset.UnixEpoch, CorrelationId = "", Payload = "{}"u8.ToArray() },
        ListenerId = "count",
        DueAt = DateTimeOffset.UnixEpoch,
        Key = new DeliveryKey("a") { IsOrdered = ordered },
    };

    // Until the worker runs and has seen that its store is empty, no place is kept for anything.
    private static async Task<Lane> FindReadyLaneAsync(Application application)
    {
        var inHand = DurableEngine.Get<DeliveriesInHand>(application.Services);
        var lane = inHand.Find(Queues.Default)!;
        await Waiting.UntilAsync(() => Task.FromResult(inHand.Claims.AreOpen && lane.TryReserve()));
        lane.Free(1);
        return lane;
    }

    private static int CountPlaces(Lane lane)
    {
        var places = lane.ReserveUpTo(int.MaxValue);
        lane.Free(places);
        return places;
    }
}
