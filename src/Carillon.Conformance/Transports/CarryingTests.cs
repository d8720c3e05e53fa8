using Carillon.Envelopes;
using Carillon.Transports;

namespace Carillon.Conformance.Transports;

/// <summary>What is published arrives, as it was, where it is wanted.</summary>
/// <typeparam name="TTransports">The broker of a test.</typeparam>
public abstract class CarryingTests<TTransports> : TransportTests<TTransports>
    where TTransports : TestTransports, new()
{
    [Fact]
    public async Task An_event_arrives_as_it_was_sent()
    {
        var receiving = await ReceiveAsync("poll.created", "all");

        var sent = Outgoing("poll.created", "{\"title\":\"Wohin? \u00e4\ud83d\ude00\"}", "poll 7", new EventHeader("cloudEvents:correlationid", "chain \u00e4"));
        (await Transport.PublishAsync(sent, Cancel)).ShouldBe(PublishResult.Routed);

        var arrived = await receiving.NextAsync();
        arrived.Body.ShouldBe(sent.Body.ToArray());
        arrived.ContentType.ShouldBe("application/json");
        arrived.Attempt.ShouldBe(1);
        foreach (var header in sent.Headers)
        {
            arrived.Header(header.Name).ShouldBe(header.Value);
        }
    }

    [Fact]
    public async Task One_that_is_there_answers_whoever_looks_after_it()
    {
        await Should.NotThrowAsync(async () => await Transport.CheckAsync(Cancel));
    }

    [Fact]
    public async Task A_hundred_events_that_are_on_their_way_at_once_all_arrive_once()
    {
        var receiving = await ReceiveAsync("poll.created", "all", concurrency: 8);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => PublishAsync("poll.created", $"{number}").AsTask()));

        (await receiving.NextTextsAsync(100)).Order().ShouldBe(Enumerable.Range(0, 100).Select(number => $"{number}").Order());
        await PublishAsync("poll.created", "the last");
        (await receiving.NextAsync()).Text.ShouldBe("the last");
    }

    [Fact]
    public async Task An_event_of_another_name_does_not_arrive()
    {
        var receiving = await ReceiveAsync("poll.created", "all");

        await PublishAsync("poll.closed", "not this");
        await PublishAsync("poll.created", "this");

        (await receiving.NextAsync()).Text.ShouldBe("this");
    }

    [Theory]
    [InlineData("poll.*", "poll.created", true)]
    [InlineData("poll.*", "poll.vote.cast", false)]
    [InlineData("poll.*", "poll", false)]
    [InlineData("poll.#", "poll.vote.cast", true)]
    [InlineData("poll.#", "poll", true)]
    [InlineData("*.created", "poll.created", true)]
    [InlineData("#.created", "shop.poll.created", true)]
    [InlineData("poll.#.cast", "poll.cast", true)]
    [InlineData("poll.created", "poll.created2", false)]
    [InlineData("Poll.created", "poll.created", false)]
    public async Task A_pattern_stands_for_the_names_it_stands_for(string pattern, string name, bool isTaken)
    {
        var receiving = await ReceiveAsync(pattern, "some");
        var marks = await ReceiveAsync("mark", "some marks");

        await PublishAsync(name, "wanted?");
        await PublishAsync("mark");
        await marks.NextAsync();

        if (isTaken)
        {
            (await receiving.NextAsync()).Text.ShouldBe("wanted?");
        }
        else
        {
            receiving.Waiting.ShouldBe(0);
        }
    }

    [Fact]
    public async Task Each_subscription_has_its_own_copy()
    {
        var first = await ReceiveAsync("poll.*", "first");
        var second = await ReceiveAsync("poll.created", "second");
        var temporary = await ReceiveAsync("#");

        await PublishAsync("poll.created", "one");

        (await first.NextAsync()).Text.ShouldBe("one");
        (await second.NextAsync()).Text.ShouldBe("one");
        (await temporary.NextAsync()).Text.ShouldBe("one");
    }

    [Fact]
    public async Task A_subscription_takes_an_event_once_however_many_of_its_patterns_match()
    {
        var receiving = new Receiving(static _ => new(ReceiveOutcome.Acknowledged));
        await using var subscription = await Transport.SubscribeAsync(
            new TransportSubscription { Patterns = [Own("poll.*"), Own("poll.created"), Own("#")], Key = Own("many") }, receiving.HandleAsync, Cancel);

        await PublishAsync("poll.created", "once");
        await PublishAsync("poll.created", "after it");

        (await receiving.NextTextsAsync(2)).ShouldBe(["once", "after it"]);
    }

    [Fact]
    public async Task An_event_that_nobody_wants_is_told_of()
    {
        Needs(TransportFeatures.TellsUnrouted);

        (await PublishAsync("poll.nobody")).ShouldBe(PublishResult.Unrouted);
        await ReceiveAsync("poll.nobody", "somebody");
        (await PublishAsync("poll.nobody")).ShouldBe(PublishResult.Routed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)]
    public async Task The_body_has_any_length(int length)
    {
        var receiving = await ReceiveAsync("poll.created", "all");

        await PublishAsync("poll.created", new string('x', length));

        (await receiving.NextAsync()).Body.Length.ShouldBe(length);
    }

    [Fact]
    public async Task The_senders_memory_is_the_senders_again_when_the_event_is_confirmed()
    {
        var receiving = await ReceiveAsync("poll.created", "late", answer: static _ => new(ReceiveOutcome.Acknowledged));
        var bytes = "before"u8.ToArray();
        var sent = Outgoing("poll.created");
        await Transport.PublishAsync(
            new OutgoingEvent { EventName = sent.EventName, Id = sent.Id, ContentType = sent.ContentType, Headers = sent.Headers, Body = bytes }, Cancel);
        bytes.AsSpan().Fill((byte)'x');

        (await receiving.NextAsync()).Text.ShouldBe("before");
    }
}
