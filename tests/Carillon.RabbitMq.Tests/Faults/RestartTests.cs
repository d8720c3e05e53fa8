using Carillon.Transports;

namespace Carillon.RabbitMq.Tests.Faults;

/// <summary>What happens to a broker happens to this one, while events go through it.</summary>
[Collection<OwnBrokerCollection>]
public sealed class RestartTests(OwnBroker broker)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RabbitMqQueueKinds.Quorum)]
    [InlineData(RabbitMqQueueKinds.Classic)]
    public Task Every_confirmed_event_arrives_though_the_broker_is_killed_meanwhile(string kind) => SufferAsync($"killed, {kind}", kind, broker.KillAndRestartAsync);

    [Theory]
    [InlineData(RabbitMqQueueKinds.Quorum)]
    [InlineData(RabbitMqQueueKinds.Classic)]
    public Task Every_confirmed_event_arrives_though_the_broker_is_shut_down_meanwhile(string kind) => SufferAsync($"shut down, {kind}", kind, broker.ShutAndRestartAsync);

    [Fact]
    public Task Every_confirmed_event_arrives_though_all_connections_are_closed_meanwhile() =>
        SufferAsync("connections closed", RabbitMqQueueKinds.Quorum, () => broker.ControlAsync("close_all_connections", "--vhost", "/", "as a test"));

    [Fact]
    public async Task While_the_broker_blocks_events_wait_and_acknowledgements_do_not()
    {
        var log = new LogSignals();
        await using var place = new RabbitPlace { Address = broker.Address };
        var sender = await place.OpenAsync(loggers: log);
        var receiver = await place.OpenAsync();
        var traffic = new Traffic();
        await using var subscription = await receiver.SubscribeAsync(Wanted(), (incoming, _) => traffic.Receive(incoming), Cancel);
        await sender.PublishAsync(Traffic.Event("poll.created", "1"), Cancel);
        ValueTask<PublishResult>[] waiting;
        await broker.ControlAsync("set_vm_memory_high_watermark", "0");
        try
        {
            // The broker says so to whoever publishes, and not before.
            waiting = [.. Enumerable.Range(2, 20).Select(number => sender.PublishAsync(Traffic.Event("poll.created", $"{number}"), Cancel))];
            (await log.WaitAsync(683)).ShouldContain("memory");
            waiting[^1].IsCompleted.ShouldBeFalse();
        }
        finally
        {
            await broker.ControlAsync("set_vm_memory_high_watermark", "0.4");
        }

        await log.WaitAsync(684);
        foreach (var each in waiting)
        {
            (await each).ShouldBe(PublishResult.Routed);
        }

        await sender.PublishAsync(Traffic.Event("poll.created", "22"), Cancel);
    }

    [Fact]
    public async Task What_the_broker_blocks_for_too_long_fails_and_says_so()
    {
        var log = new LogSignals();
        await using var place = new RabbitPlace { Address = broker.Address };
        var sender = await place.OpenAsync(options => options.PublishTimeout = TimeSpan.FromSeconds(1), log);
        await using var subscription = await sender.SubscribeAsync(Wanted(), static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel);
        await broker.ControlAsync("set_vm_memory_high_watermark", "0");
        try
        {
            var first = sender.PublishAsync(Traffic.Event("poll.created", "1"), Cancel).AsTask();
            await log.WaitAsync(683);
            var second = sender.PublishAsync(Traffic.Event("poll.created", "2"), Cancel).AsTask();

            (await Should.ThrowAsync<TransportException>(first)).Message.ShouldContain("The broker blocks");
            // The second may still have gone into the buffers of the wire: then it was not confirmed.
            (await Should.ThrowAsync<TransportException>(second)).Message.ShouldMatch("could not be sent|was not confirmed");
        }
        finally
        {
            await broker.ControlAsync("set_vm_memory_high_watermark", "0.4");
        }

        (await sender.PublishAsync(Traffic.Event("poll.created", "3"), Cancel)).ShouldBe(PublishResult.Routed);
    }

    [Fact]
    public async Task What_the_broker_refuses_closes_a_channel_and_the_others_are_published_all_the_same()
    {
        await broker.ControlAsync("eval", "application:set_env(rabbit, max_message_size, 100000).");
        try
        {
            await SufferAsync("channel closed", RabbitMqQueueKinds.Quorum, sender => Should.ThrowAsync<TransportException>(
                async () => await sender.PublishAsync(Traffic.Event("poll.created", new string('1', 200_000)), Cancel)));
        }
        finally
        {
            await broker.ControlAsync("eval", "application:set_env(rabbit, max_message_size, 134217728).");
        }
    }

    private static TransportSubscription Wanted() => new() { Patterns = ["poll.#"], Key = "all", Concurrency = 4, Prefetch = 100 };

    private Task SufferAsync(string what, string kind, Func<Task> fault) => SufferAsync(what, kind, _ => fault());

    private async Task SufferAsync(string what, string kind, Func<ITransport, Task> fault)
    {
        await using var place = new RabbitPlace { Address = broker.Address };
        var sender = await place.OpenAsync(options => options.QueueKind = kind);
        var receiver = await place.OpenAsync(options => options.QueueKind = kind);
        var traffic = new Traffic();
        await using var subscription = await receiver.SubscribeAsync(Wanted(), (incoming, _) => traffic.Receive(incoming), Cancel);
        var publishing = traffic.PublishAsync(sender, "poll.created", publishers: 32, Cancel);
        await traffic.MoreAsync(300, Cancel);

        await fault(sender);

        await traffic.MoreAsync(300, Cancel);
        await Task.WhenAll(traffic.EndAsync(Cancel), publishing);
        traffic.Report(what);
    }
}
