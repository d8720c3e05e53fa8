using System.Collections.Concurrent;
using System.Text;
using Carillon.Transports;

namespace Carillon.RabbitMq.Tests.Faults;

/// <summary>The network in between, and queues that somebody deletes.</summary>
public sealed class CutTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_confirmed_event_arrives_though_the_wire_is_cut_again_and_again()
    {
        await using var wire = new CuttableWire(RabbitPlace.SharedAddress);
        await using var place = new RabbitPlace();
        var transport = await place.OpenAsync(options => options.Connection.Address = wire.Address);
        var traffic = new Traffic();
        await using var subscription = await transport.SubscribeAsync(
            new TransportSubscription { Patterns = ["#"], Key = "all", Concurrency = 4, Prefetch = 64 }, (incoming, _) => traffic.Receive(incoming), Cancel);
        var publishing = traffic.PublishAsync(transport, "poll.created", publishers: 32, Cancel);

        for (var cut = 0; cut < 5; cut++)
        {
            await traffic.MoreAsync(200, Cancel);
            wire.Cut();
        }

        await traffic.MoreAsync(200, Cancel);
        await Task.WhenAll(traffic.EndAsync(Cancel), publishing);
        traffic.Report("wire cut five times");
        traffic.Failed.ShouldBePositive();
    }

    [Fact]
    public async Task What_was_in_hand_when_the_wire_was_cut_is_cancelled_and_comes_again_uncounted()
    {
        await using var wire = new CuttableWire(RabbitPlace.SharedAddress);
        await using var place = new RabbitPlace();
        var sender = await place.OpenAsync();
        var transport = await place.OpenAsync(options => options.Connection.Address = wire.Address);
        var handled = new ConcurrentQueue<(string Text, int Attempt)>();
        var inHand = new CountdownEvent(3);
        var all = new TaskCompletionSource();
        await using var subscription = await transport.SubscribeAsync(new TransportSubscription { Patterns = ["#"], Key = "all", Concurrency = 3, Prefetch = 10 }, async (incoming, lost) =>
        {
            var text = Encoding.UTF8.GetString(incoming.Body.Span);
            if (!inHand.IsSet)
            {
                inHand.Signal();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, lost);
            }

            handled.Enqueue((text, incoming.Attempt));
            if (handled.Count == 5)
            {
                all.TrySetResult();
            }

            return ReceiveOutcome.Acknowledged;
        }, Cancel);
        foreach (var text in (string[])["a", "b", "c", "d", "e"])
        {
            await sender.PublishAsync(Traffic.Event("poll.created", text), Cancel);
        }

        await Task.Run(() => inHand.Wait(Cancel), Cancel);
        wire.Cut();

        await all.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        handled.Select(each => each.Text).Distinct().Order().ShouldBe(["a", "b", "c", "d", "e"]);
        handled.ShouldAllBe(each => each.Attempt == 1);
        (await transport.DeadLetters.ListAsync("all", 10, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_event_that_is_published_while_there_is_no_connection_waits_for_one()
    {
        await using var wire = new CuttableWire(RabbitPlace.SharedAddress);
        await using var place = new RabbitPlace();
        var log = new LogSignals();
        var sender = await place.OpenAsync(options => options.Connection.Address = wire.Address, log);
        wire.TakeDown();
        await log.WaitAsync(681);
        var publishing = sender.PublishAsync(Traffic.Event("poll.created", "late"), Cancel).AsTask();
        await log.WaitAsync(682);

        wire.BringUp();

        (await publishing).ShouldBe(PublishResult.Unrouted);
    }

    [Fact]
    public async Task An_event_that_finds_no_connection_in_time_fails_with_the_reason()
    {
        await using var wire = new CuttableWire(RabbitPlace.SharedAddress);
        await using var place = new RabbitPlace();
        var log = new LogSignals();
        var sender = await place.OpenAsync(options => (options.Connection.Address, options.PublishTimeout) = (wire.Address, TimeSpan.FromSeconds(1)), log);
        wire.TakeDown();
        await log.WaitAsync(681);

        var message = (await Should.ThrowAsync<TransportException>(async () => await sender.PublishAsync(Traffic.Event("poll.created", "never"), Cancel))).Message;

        message.ShouldContain("'poll.created'");
        message.ShouldContain("See that the broker runs");
        message.ShouldNotContain("guest:");
        wire.BringUp();
        (await sender.PublishAsync(Traffic.Event("poll.created", "later"), Cancel)).ShouldBe(PublishResult.Unrouted);
    }

    [Fact]
    public async Task A_queue_that_somebody_deletes_is_made_again_with_what_it_takes()
    {
        await using var place = new RabbitPlace();
        var log = new LogSignals();
        var transport = await place.OpenAsync(loggers: log);
        var arrived = new TaskCompletionSource<string>();
        await using var subscription = await transport.SubscribeAsync(new TransportSubscription { Patterns = ["poll.*"], Key = "all" }, (incoming, _) =>
        {
            arrived.TrySetResult(Encoding.UTF8.GetString(incoming.Body.Span));
            return new(ReceiveOutcome.Acknowledged);
        }, Cancel);
        await using (var raw = await place.RawAsync())
        {
            await raw.Channel.QueueDeleteAsync($"{place.Exchange}.all", ifUnused: false, ifEmpty: false, cancellationToken: Cancel);
        }

        (await log.WaitAsync(685)).ShouldContain("deleted");
        while (await transport.PublishAsync(Traffic.Event("poll.created", "after"), Cancel) == PublishResult.Unrouted)
        {
        }

        (await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe("after");
    }

    [Fact]
    public async Task A_temporary_subscription_is_there_again_after_its_connection_was_cut()
    {
        await using var wire = new CuttableWire(RabbitPlace.SharedAddress);
        await using var place = new RabbitPlace();
        var transport = await place.OpenAsync(options => options.Connection.Address = wire.Address);
        var arrived = new TaskCompletionSource<string>();
        await using var subscription = await transport.SubscribeAsync(new TransportSubscription { Patterns = ["poll.*"] }, (incoming, _) =>
        {
            arrived.TrySetResult(Encoding.UTF8.GetString(incoming.Body.Span));
            return new(ReceiveOutcome.Acknowledged);
        }, Cancel);

        wire.Cut();
        var sender = await place.OpenAsync();
        while (!arrived.Task.IsCompleted)
        {
            await sender.PublishAsync(Traffic.Event("poll.created", "after"), Cancel);
        }

        (await arrived.Task).ShouldBe("after");
    }

    [Fact]
    public async Task Many_publish_and_many_receive_and_nothing_is_lost()
    {
        await using var place = new RabbitPlace();
        var traffics = new List<Traffic>();
        var senders = new List<ITransport>();
        for (var number = 0; number < 3; number++)
        {
            senders.Add(await place.OpenAsync());
            var traffic = new Traffic();
            traffics.Add(traffic);
            for (var receiver = 0; receiver < 2; receiver++)
            {
                await (await place.OpenAsync()).SubscribeAsync(
                    new TransportSubscription { Patterns = [$"poll{number}.#"], Key = $"key {number}", Concurrency = 4 }, (incoming, _) => traffic.Receive(incoming), Cancel);
            }
        }

        var publishing = traffics.Select((traffic, number) => Task.WhenAll(senders.Select(sender => traffic.PublishAsync(sender, $"poll{number}.created", publishers: 8, Cancel)))).ToList();
        foreach (var traffic in traffics)
        {
            await traffic.MoreAsync(500, Cancel);
        }

        await Task.WhenAll(traffics.Select(traffic => traffic.EndAsync(Cancel)).Concat(publishing));
        for (var number = 0; number < 3; number++)
        {
            traffics[number].Report($"three senders, two receivers, key {number}");
            traffics[number].Duplicates.ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_receiver_that_stops_and_begins_again_loses_nothing_and_receives_nothing_twice()
    {
        await using var place = new RabbitPlace();
        var sender = await place.OpenAsync();
        var transport = await place.OpenAsync();
        var traffic = new Traffic();
        var wanted = new TransportSubscription { Patterns = ["#"], Key = "all", Concurrency = 4, Prefetch = 50 };
        var subscription = await transport.SubscribeAsync(wanted, (incoming, _) => traffic.Receive(incoming), Cancel);
        var publishing = traffic.PublishAsync(sender, "poll.created", publishers: 16, Cancel);

        for (var time = 0; time < 5; time++)
        {
            await traffic.MoreAsync(100, Cancel);
            await subscription.DisposeAsync();
            subscription = await transport.SubscribeAsync(wanted, (incoming, _) => traffic.Receive(incoming), Cancel);
        }

        await Task.WhenAll(traffic.EndAsync(Cancel), publishing);
        traffic.Report("stopped and begun five times");
        traffic.Duplicates.ShouldBe(0);
    }
}
