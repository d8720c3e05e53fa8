using System.Text;
using System.Threading.Channels;
using Carillon.Redis.Clients.Internal;
using Carillon.Redis.Transports;
using Carillon.Transports;
using Microsoft.Extensions.Logging;

namespace Carillon.Redis.Tests.Transports;

/// <summary>How much waits, and what else may lie in a stream.</summary>
public sealed class WaitingEventsTests : IAsyncDisposable
{
    private readonly RedisTransports _place = new();
    private readonly RecordingLoggerProvider _log = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task Nothing_that_waits_is_ever_removed_unless_somebody_says_so()
    {
        await using var transport = await _place.OpenAsync(null);
        await using (await transport.SubscribeAsync(Wanted(), static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel))
        {
        }

        await Task.WhenAll(Enumerable.Range(0, 2000).Select(number => transport.PublishAsync(Outgoing($"{number}"), Cancel).AsTask()));

        var arrived = await ReceiveAsync(transport, 2000, concurrency: 16);
        arrived.Order().ShouldBe(Enumerable.Range(0, 2000).Select(number => $"{number}").Order());
    }

    [Fact]
    public async Task With_a_bound_the_oldest_go_and_the_log_says_so()
    {
        await using var transport = Create(maxWaiting: 3);
        await using (await transport.SubscribeAsync(Wanted(), static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel))
        {
        }

        foreach (var text in (string[])["one", "two", "three", "four", "five"])
        {
            await transport.PublishAsync(Outgoing(text), Cancel);
        }

        (await ReceiveAsync(transport, 3)).ShouldBe(["three", "four", "five"]);
        _log.Entries.Count(entry => entry.Id == 662).ShouldBe(2);
        _log.Entries.First(entry => entry.Id == 662).Message.ShouldBe(
            "1 events that waited were removed to make room for 'poll.created': a subscription had more than RedisOptions.MaxWaiting, 3. They are lost to it.");
    }

    [Fact]
    public async Task One_that_was_removed_before_its_time_came_does_not_hold_up_its_key()
    {
        await using var transport = Create(maxWaiting: 1);
        var refused = new TaskCompletionSource();
        await using (await transport.SubscribeAsync(Wanted(ordered: true), (_, _) =>
        {
            refused.TrySetResult();
            return new(ReceiveOutcome.RetryAfter(TimeSpan.FromMilliseconds(300), "not now"));
        }, Cancel))
        {
            await transport.PublishAsync(Outgoing("removed", "a"), Cancel);
            await refused.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        }

        await transport.PublishAsync(Outgoing("behind it", "a"), Cancel);

        (await ReceiveAsync(transport, 1, ordered: true)).ShouldBe(["behind it"]);
    }

    [Fact]
    public async Task What_others_have_put_into_the_stream_is_handed_over_as_it_is()
    {
        await using var transport = await _place.OpenAsync(null);
        await using (await transport.SubscribeAsync(Wanted(), static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel))
        {
        }

        await RedisTransports.SendAsync(new RedisCommand("XADD").Add($"{{{_place.Prefix}}}:stream:k:all").Add("*")
            .Add("a").Add("b").Add("bytes").Add(new byte[] { 0xFF, 0xFE }).Add("a").Add(""));

        var arrived = Channel.CreateUnbounded<IncomingEvent>();
        await using var subscription = await transport.SubscribeAsync(Wanted(), (incoming, _) =>
        {
            arrived.Writer.TryWrite(incoming);
            return new(ReceiveOutcome.DeadLetter("It is no event."));
        }, Cancel);
        var strange = await arrived.Reader.ReadAsync(Cancel);
        strange.Headers.Select(header => (header.Name, header.Value)).ShouldBe([("a", "b"), ("bytes", null), ("a", "")]);
        (strange.ContentType, strange.Body.Length).ShouldBe((null, 0));
    }

    [Fact]
    public async Task A_client_without_this_package_publishes_with_the_script()
    {
        await using var transport = await _place.OpenAsync(null);
        await using (await transport.SubscribeAsync(Wanted(), static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel))
        {
        }

        var reply = await RedisTransports.SendAsync(new RedisCommand("EVAL").Add(RedisScript.Publish.Text).Add(1).Add($"{{{_place.Prefix}}}")
            .Add("poll.created").Add(0).Add("carillon-content-type").Add("application/json").Add("carillon-body").Add("from elsewhere").Add("cloudEvents:id").Add("1"));

        reply.Items[0].Number.ShouldBe(1);
        (await ReceiveAsync(transport, 1)).ShouldBe(["from elsewhere"]);
    }

    private static TransportSubscription Wanted(bool ordered = false, int concurrency = 1) => new() { Patterns = ["poll.#"], Key = "all", Ordered = ordered, Concurrency = concurrency };

    private RedisTransport Create(int maxWaiting)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        return new RedisTransport(new RedisOptions { Server = RedisTransports.Server, Prefix = _place.Prefix, MaxWaiting = maxWaiting }, loggers: loggers);
    }

    private static OutgoingEvent Outgoing(string text, string? key = null) => new()
    {
        EventName = "poll.created",
        Id = Guid.CreateVersion7(),
        Key = key,
        ContentType = "application/json",
        Headers = [],
        Body = Encoding.UTF8.GetBytes(text),
    };

    private static async Task<IReadOnlyList<string>> ReceiveAsync(RedisTransport transport, int count, bool ordered = false, int concurrency = 1)
    {
        var arrived = Channel.CreateUnbounded<string>();
        await using var subscription = await transport.SubscribeAsync(Wanted(ordered, concurrency), (incoming, _) =>
        {
            arrived.Writer.TryWrite(Encoding.UTF8.GetString(incoming.Body.Span));
            return new(ReceiveOutcome.Acknowledged);
        }, Cancel);
        var texts = new List<string>();
        while (texts.Count < count)
        {
            texts.Add(await arrived.Reader.ReadAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancel));
        }

        return texts;
    }
}
