using Carillon.RabbitMq.Tests.Faults;
using Carillon.Transports;

namespace Carillon.RabbitMq.Tests.Publishing;

/// <summary>Many share one channel, and none of them suffers for another one.</summary>
public sealed class PublishTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_with_one_id_the_one_that_nobody_takes_is_told_so_and_the_other_is_not()
    {
        await using var place = new RabbitPlace();
        await using var wire = new CuttableWire(place.Address);
        var sender = await place.OpenAsync(options => (options.Connection.Address, options.QueueKind) = (wire.Address, RabbitMqQueueKinds.Quorum));
        await using var subscription = await sender.SubscribeAsync(new TransportSubscription { Patterns = ["poll.taken"], Key = "all" }, static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel);
        await sender.PublishAsync(Traffic.Event("poll.taken", "1"), Cancel);
        var both = Guid.CreateVersion7();

        // The broker has both at once, and gives one back before the other is on its disk.
        wire.HoldBack();
        var taken = sender.PublishAsync(Traffic.Event("poll.taken", "2", both), Cancel).AsTask();
        var alone = sender.PublishAsync(Traffic.Event("poll.alone", "3", both), Cancel).AsTask();
        wire.LetThrough(int.MaxValue);

        (await alone).ShouldBe(PublishResult.Unrouted);
        (await taken).ShouldBe(PublishResult.Routed);
    }

    [Fact]
    public async Task A_window_full_of_what_nobody_waits_for_any_more_is_given_up_with_its_connection()
    {
        await using var place = new RabbitPlace();
        await using var wire = new CuttableWire(place.Address);
        var log = new LogSignals();
        var sender = await place.OpenAsync(
            options => (options.Connection.Address, options.MaxUnconfirmed, options.PublishTimeout) = (wire.Address, 4, TimeSpan.FromSeconds(1)), log);
        await sender.PublishAsync(Traffic.Event("poll.created", "1"), Cancel);
        wire.HoldBack();
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var given = Enumerable.Range(0, 4).Select(_ => sender.PublishAsync(Traffic.Event("poll.created", "2"), impatient.Token).AsTask()).ToList();
        await impatient.CancelAsync();
        foreach (var each in given)
        {
            await Should.ThrowAsync<OperationCanceledException>(each);
        }

        // Two after the other: by then it has been looked at the window after its time.
        await Should.ThrowAsync<TransportException>(sender.PublishAsync(Traffic.Event("poll.created", "3"), Cancel).AsTask());
        await Should.ThrowAsync<TransportException>(sender.PublishAsync(Traffic.Event("poll.created", "4"), Cancel).AsTask());

        log.Written.ShouldContain(line => line.Contains("is lost: nothing was confirmed within", StringComparison.Ordinal));
        wire.LetThrough(int.MaxValue);
    }
}
