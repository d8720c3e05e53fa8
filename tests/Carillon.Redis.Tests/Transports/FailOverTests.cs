using System.Text;
using Carillon.Redis.Clients.Internal;
using Carillon.Redis.Transports;
using Carillon.Transports;

namespace Carillon.Redis.Tests.Transports;

/// <summary>A replica takes over: the name leads to it, and the server that was the primary goes on answering those who are connected.</summary>
public sealed class FailOverTests : IAsyncLifetime
{
    private RedisServer _first = null!;
    private RedisServer _second = null!;
    private CutCable _name = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _first = await RedisServer.StartAsync();
        _second = await RedisServer.StartAsync("--repl-diskless-sync-delay 0");
        _name = new CutCable(_first.Address);
        await ReplicateAsync(_second, _first);
    }

    public async ValueTask DisposeAsync()
    {
        await _name.DisposeAsync();
        await _second.DisposeAsync();
        await _first.DisposeAsync();
    }

    [Fact]
    public async Task Who_is_connected_to_a_primary_that_became_a_replica_connects_anew()
    {
        await using var transport = new RedisTransport(new RedisOptions { Server = _name.Address });
        await transport.PrepareAsync(Cancel);
        var arrived = new SemaphoreSlim(0);
        var texts = new List<string>();
        await using var subscription = await transport.SubscribeAsync(
            new TransportSubscription { Patterns = ["#"], Key = "all" },
            (incoming, _) =>
            {
                texts.Add(Encoding.UTF8.GetString(incoming.Body.Span));
                arrived.Release();
                return new(ReceiveOutcome.Acknowledged);
            },
            Cancel);
        await transport.PublishAsync(Outgoing("before"), Cancel);
        (await arrived.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBeTrue();
        (await SendAsync(_first, "WAIT", "1", "30000")).Number.ShouldBe(1);

        _name.LeadTo(_second.Address);
        await SendAsync(_second, "REPLICAOF", "NO", "ONE");
        await ReplicateAsync(_first, _second);

        try
        {
            await transport.PublishAsync(Outgoing("after"), Cancel);
        }
        catch (TransportException)
        {
            // As the worker would: with the same event again. If the receiver has found out first, there was no need.
            (await transport.PublishAsync(Outgoing("after"), Cancel)).ShouldBe(PublishResult.Routed);
        }

        (await arrived.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBeTrue();
        texts.ShouldBe(["before", "after"]);
    }

    private static async Task ReplicateAsync(RedisServer replica, RedisServer primary)
    {
        var parts = primary.Address.Split(':');
        await SendAsync(replica, "REPLICAOF", parts[0], parts[1]);
    }

    private static async Task<RespValue> SendAsync(RedisServer server, params string[] words)
    {
        var options = new RedisOptions { Server = server.Address, CommandTimeout = TimeSpan.FromSeconds(60) };
        await using var link = new RedisLink(RedisAddress.Of(options), options, TimeProvider.System);
        return await link.SendAsync("rule", words[1..].Aggregate(new RedisCommand(words[0]), static (command, word) => command.Add(word)), TimeSpan.Zero, Cancel);
    }

    private static OutgoingEvent Outgoing(string text) => new()
    {
        EventName = "poll.created",
        Id = Guid.CreateVersion7(),
        ContentType = "application/json",
        Headers = [],
        Body = Encoding.UTF8.GetBytes(text),
    };
}
