using Carillon.RabbitMq.Tests.Faults;
using Carillon.Transports;
using RabbitMQ.Client;

namespace Carillon.RabbitMq.Tests.Topology;

public sealed class TopologyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_queue_that_exists_with_another_argument_is_named_with_it_and_the_mend()
    {
        await using var place = new RabbitPlace();
        var transport = await place.OpenAsync();
        await (await SubscribeAsync(transport, RabbitMqQueueKinds.Classic)).DisposeAsync();

        var message = (await Should.ThrowAsync<TransportException>(async () => await SubscribeAsync(transport, RabbitMqQueueKinds.Quorum))).Message;

        message.ShouldContain($"'{place.Exchange}.all'");
        message.ShouldContain("another 'x-queue-type': 'classic' there, and 'quorum' wanted");
        message.ShouldContain("set QueueKind to it");
    }

    [Fact]
    public async Task An_exchange_that_is_no_topic_is_named_when_the_transport_is_prepared()
    {
        await using var place = new RabbitPlace();
        await using (var raw = await place.RawAsync())
        {
            await raw.Channel.ExchangeDeclareAsync(place.Exchange, ExchangeType.Fanout, durable: true, cancellationToken: Cancel);
        }

        var message = (await Should.ThrowAsync<TransportException>(async () => await place.OpenAsync())).Message;

        message.ShouldContain($"The exchange '{place.Exchange}' exists");
        message.ShouldContain("'fanout' there, and 'topic' wanted");
    }

    [Fact]
    public async Task A_classic_queue_gives_the_urgent_ones_first()
    {
        await using var place = new RabbitPlace();
        var transport = await place.OpenAsync(options =>
        {
            options.QueueKind = RabbitMqQueueKinds.Classic;
            options.MaxPriority = 5;
            options.PriorityOf = static outgoing => outgoing.EventName == "poll.urgent" ? (byte)5 : (byte)0;
        });
        await (await SubscribeAsync(transport, kind: null)).DisposeAsync();
        foreach (var name in (string[])["poll.first", "poll.second", "poll.urgent"])
        {
            await transport.PublishAsync(Traffic.Event(name, "1"), Cancel);
        }

        var seen = new List<string>();
        var all = new TaskCompletionSource();
        await using var subscription = await SubscribeAsync(transport, kind: null, name =>
        {
            seen.Add(name);
            if (seen.Count == 3)
            {
                all.TrySetResult();
            }
        });

        await all.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        seen.ShouldBe(["poll.urgent", "poll.first", "poll.second"]);
    }

    [Fact]
    public async Task Priorities_of_a_quorum_queue_are_refused_where_there_are_none()
    {
        await using var place = new RabbitPlace();
        var transport = await place.OpenAsync(options => options.MaxPriority = 5);

        var message = (await Should.ThrowAsync<TransportException>(async () => await SubscribeAsync(transport, RabbitMqQueueKinds.Quorum))).Message;

        message.ShouldContain("no priorities before RabbitMQ 4.0");
        message.ShouldContain("'classic'");
    }

    [Fact]
    public async Task What_a_subscription_leaves_on_the_broker_is_gone_when_it_is_deleted()
    {
        await using var place = new RabbitPlace();
        var transport = await place.OpenAsync();
        var tries = 0;
        var again = new TaskCompletionSource();
        await using (await transport.SubscribeAsync(Wanted(kind: null), (_, _) =>
        {
            if (++tries == 2)
            {
                again.TrySetResult();
            }

            return new(tries == 1 ? ReceiveOutcome.RetryAfter(TimeSpan.FromMilliseconds(10), "not now") : ReceiveOutcome.Acknowledged);
        }, Cancel))
        {
            await transport.PublishAsync(Traffic.Event("poll.created", "1"), Cancel);
            await again.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        }

        string[] queues = [$"{place.Exchange}.all", $"{place.Exchange}.all:dead", $"{place.Exchange}.all:patterns", $"{place.Exchange}.all:retry-1s"];
        (await ExistAsync(place, queues)).ShouldBe([true, true, true, true]);
        await transport.DeleteSubscriptionAsync("all", Cancel);
        (await ExistAsync(place, queues)).ShouldBe([false, false, false, false]);
    }

    private static TransportSubscription Wanted(string? kind) => new() { Patterns = ["poll.#"], Key = "all", QueueKind = kind };

    private static ValueTask<ITransportSubscription> SubscribeAsync(ITransport transport, string? kind, Action<string>? see = null) =>
        transport.SubscribeAsync(Wanted(kind), (incoming, _) =>
        {
            see?.Invoke(incoming.Headers.Single(static header => header.Name == "cloudEvents:type").Value!);
            return new(ReceiveOutcome.Acknowledged);
        }, Cancel);

    private static async Task<List<bool>> ExistAsync(RabbitPlace place, string[] queues)
    {
        var exist = new List<bool>();
        foreach (var queue in queues)
        {
            await using var raw = await place.RawAsync();
            try
            {
                await raw.Channel.QueueDeclarePassiveAsync(queue, Cancel);
                exist.Add(true);
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
            {
                exist.Add(false);
            }
        }

        return exist;
    }
}
