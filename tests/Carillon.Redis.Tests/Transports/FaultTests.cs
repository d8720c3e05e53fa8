using System.Collections.Concurrent;
using System.Text;
using Carillon.Conformance.Transports;
using Carillon.Redis.Clients.Internal;
using Carillon.Redis.Transports;
using Carillon.Transports;

namespace Carillon.Redis.Tests.Transports;

public sealed class FaultTests : IAsyncDisposable
{
    private readonly RedisTransports _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task A_server_that_is_killed_while_many_publish_has_every_confirmed_event_when_it_is_back()
    {
        await using var server = await RedisServer.StartAsync();
        await using var transport = new RedisTransport(new RedisOptions { Server = server.Address });
        await transport.PrepareAsync(Cancel);
        var received = new ConcurrentDictionary<string, int>();
        var last = new TaskCompletionSource();
        var subscription = await transport.SubscribeAsync(Wanted("all", 4), (incoming, _) =>
        {
            var text = Encoding.UTF8.GetString(incoming.Body.Span);
            received.AddOrUpdate(text, 1, static (_, times) => times + 1);
            if (text == "the last")
            {
                last.TrySetResult();
            }

            return new(ReceiveOutcome.Acknowledged);
        }, Cancel);

        var confirmed = new ConcurrentBag<string>();
        var enough = new TaskCompletionSource();
        using var stop = new CancellationTokenSource();
        var publishing = Enumerable.Range(0, 16).Select(publisher => Task.Run(async () =>
        {
            for (var number = 0; !stop.IsCancellationRequested; number++)
            {
                try
                {
                    await transport.PublishAsync(Outgoing($"{publisher}:{number}"), Cancel);
                    confirmed.Add($"{publisher}:{number}");
                    if (confirmed.Count == 300)
                    {
                        enough.TrySetResult();
                    }
                }
                catch (TransportException)
                {
                    return;
                }
            }
        })).ToList();
        await enough.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await server.KillAsync();
        await Task.WhenAll(publishing).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await stop.CancelAsync();
        await server.AgainAsync();

        await transport.PublishAsync(Outgoing("the last"), Cancel);
        await last.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await UntilAsync(() => Task.FromResult(confirmed.All(received.ContainsKey)));
        await subscription.StopAsync(Cancel);

        TestContext.Current.TestOutputHelper?.WriteLine($"{confirmed.Count} confirmed, {received.Count} received, {received.Values.Sum() - received.Count} twice");
    }

    [Fact]
    public async Task Connections_that_the_server_cuts_cost_nothing_and_count_no_attempt()
    {
        await using var server = await RedisServer.StartAsync("--appendfsync no");
        await using var transport = new RedisTransport(new RedisOptions { Server = server.Address });
        await transport.PrepareAsync(Cancel);
        var hold = new TaskCompletionSource();
        var arrived = new SemaphoreSlim(0);
        var attempts = new ConcurrentQueue<(string Text, int Attempt)>();
        var subscription = await transport.SubscribeAsync(Wanted("all", 2), async (incoming, _) =>
        {
            attempts.Enqueue((Encoding.UTF8.GetString(incoming.Body.Span), incoming.Attempt));
            arrived.Release();
            await hold.Task;
            return ReceiveOutcome.Acknowledged;
        }, Cancel);
        await transport.PublishAsync(Outgoing("one"), Cancel);
        await transport.PublishAsync(Outgoing("two"), Cancel);
        await arrived.WaitAsync(Cancel);
        await arrived.WaitAsync(Cancel);

        await KillClientsAsync(server.Address);
        hold.SetResult();
        await PublishUntilConfirmedAsync(transport, "three");
        await arrived.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await subscription.StopAsync(Cancel);

        attempts.ShouldBe([("one", 1), ("two", 1), ("three", 1)], ignoreOrder: true);
    }

    [Fact]
    public async Task What_a_receiver_had_in_hand_that_is_heard_of_no_more_goes_to_another_uncounted_and_what_it_says_late_does_not_count()
    {
        await using var cable = new CutCable(RedisTransports.Server);
        await using var lost = new RedisTransport(Options(cable.Address));
        await using var other = await _place.OpenAsync(options => options.ReceiverLease = TimeSpan.FromSeconds(1));
        var taken = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var first = await lost.SubscribeAsync(Wanted("all", 1), async (_, token) =>
        {
            taken.TrySetResult();
            await using var registration = token.Register(() => cancelled.TrySetResult());
            await cancelled.Task;
            return ReceiveOutcome.DeadLetter("Nobody listens to this any more.");
        }, Cancel);
        await other.PublishAsync(Outgoing("one"), Cancel);
        await taken.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        cable.Cut();
        var arrived = new TaskCompletionSource<(string, int)>();
        var second = await other.SubscribeAsync(Wanted("all", 1), (incoming, _) =>
        {
            arrived.TrySetResult((Encoding.UTF8.GetString(incoming.Body.Span), incoming.Attempt));
            return new(ReceiveOutcome.Acknowledged);
        }, Cancel);

        (await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBe(("one", 1));
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        cable.Mend();
        await second.StopAsync(Cancel);
        await first.StopAsync(Cancel);
        (await other.DeadLetters.ListAsync("all", 10, Cancel)).ShouldBeEmpty();
        (await StreamLengthAsync("k:all")).ShouldBe(0);
    }

    [Fact]
    public async Task A_temporary_subscription_whose_process_is_gone_leaves_nothing_behind()
    {
        var cable = new CutCable(RedisTransports.Server);
        var crashed = new RedisTransport(Options(cable.Address));
        await using var other = await _place.OpenAsync(options => options.ReceiverLease = TimeSpan.FromSeconds(1));
        var subscription = await crashed.SubscribeAsync(
            new TransportSubscription { Patterns = ["#"], Ordered = true }, static (_, _) => new(ReceiveOutcome.RetryAfter(TimeSpan.FromHours(1), "not now")), Cancel);
        await other.PublishAsync(Outgoing("one", "a"), Cancel);
        await other.PublishAsync(Outgoing("two", "a"), Cancel);
        await UntilAsync(async () => (await _place.KeysAsync()).Any(static key => key.StartsWith("wait:", StringComparison.Ordinal)));

        cable.Cut();
        await UntilAsync(async () => await other.PublishAsync(Outgoing("three"), Cancel) == PublishResult.Unrouted);

        (await _place.KeysAsync()).ShouldBeEmpty();
        using var over = new CancellationTokenSource(TimeSpan.Zero);
        cable.Mend();
        await subscription.StopAsync(over.Token);
        await crashed.DisposeAsync();
        await cable.DisposeAsync();
    }

    [Fact]
    public async Task A_temporary_subscription_that_is_stopped_leaves_nothing_behind()
    {
        await using var transport = await _place.OpenAsync(null);
        await using (await transport.SubscribeAsync(new TransportSubscription { Patterns = ["#"] }, static (_, _) => new(ReceiveOutcome.DeadLetter("broken")), Cancel))
        {
            await transport.PublishAsync(Outgoing("one"), Cancel);
        }

        (await _place.KeysAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_durable_subscription_that_has_nothing_to_do_keeps_nothing_but_itself()
    {
        await using var transport = await _place.OpenAsync(null);
        var done = new SemaphoreSlim(0);
        await using (await transport.SubscribeAsync(Wanted("all", 1, ordered: true), (incoming, _) =>
        {
            done.Release();
            return new(incoming.Attempt == 1 ? ReceiveOutcome.RetryAfter(TimeSpan.Zero, "once more") : ReceiveOutcome.Acknowledged);
        }, Cancel))
        {
            foreach (var text in (string[])["one", "two", "three"])
            {
                await transport.PublishAsync(Outgoing(text, "a"), Cancel);
            }

            for (var time = 0; time < 6; time++)
            {
                await done.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
            }
        }

        (await _place.KeysAsync()).ShouldBe(["bell:k:all", "routes", "stream:k:all", "subscriptions"]);
        (await StreamLengthAsync("k:all")).ShouldBe(0);
    }

    private RedisOptions Options(string server) => new()
    {
        Server = server,
        Prefix = _place.Prefix,
        ReceiverLease = TimeSpan.FromSeconds(1),
        CommandTimeout = TimeSpan.FromSeconds(1),
        ConnectTimeout = TimeSpan.FromSeconds(1),
    };

    private static TransportSubscription Wanted(string key, int concurrency, bool ordered = false) => new() { Patterns = ["poll.#"], Key = key, Concurrency = concurrency, Ordered = ordered };

    private static OutgoingEvent Outgoing(string text, string? key = null) => new()
    {
        EventName = "poll.created",
        Id = Guid.CreateVersion7(),
        Key = key,
        ContentType = "application/json",
        Headers = [],
        Body = Encoding.UTF8.GetBytes(text),
    };

    private async Task<long> StreamLengthAsync(string id) => (await RedisTransports.SendAsync(new RedisCommand("XLEN").Add($"{{{_place.Prefix}}}:stream:{id}"))).Number;

    private static async Task KillClientsAsync(string server)
    {
        var options = new RedisOptions { Server = server };
        await using var link = new RedisLink(RedisAddress.Of(options), options, TimeProvider.System);
        (await link.SendAsync("cut", new RedisCommand("CLIENT").Add("KILL").Add("TYPE").Add("normal"), TimeSpan.Zero, Cancel)).Number.ShouldBeGreaterThan(1);
    }

    private static async Task PublishUntilConfirmedAsync(RedisTransport transport, string text)
    {
        var published = false;
        await UntilAsync(async () =>
        {
            try
            {
                await transport.PublishAsync(Outgoing(text), Cancel);
                published = true;
            }
            catch (TransportException)
            {
                // As the worker would: with the same event again.
            }

            return published;
        });
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
