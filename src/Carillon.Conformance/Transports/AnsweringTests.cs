using Carillon.Transports;

namespace Carillon.Conformance.Transports;

/// <summary>What a receiver answers is carried out.</summary>
/// <typeparam name="TTransports">The broker of a test.</typeparam>
public abstract class AnsweringTests<TTransports> : TransportTests<TTransports>
    where TTransports : TestTransports, new()
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task An_event_that_was_acknowledged_does_not_come_again()
    {
        var first = await ReceiveAsync("poll.created", "all");
        await PublishAsync("poll.created", "one");
        await first.NextAsync();
        await first.DisposeAsync();

        await PublishAsync("poll.created", "two");
        var second = await ReceiveAsync("poll.created", "all");

        (await second.NextAsync()).Text.ShouldBe("two");
    }

    [Fact]
    public async Task An_event_that_was_refused_comes_again_with_the_attempt_counted()
    {
        var receiving = await ReceiveAsync("poll.created", "all", No(2, ReceiveOutcome.RetryAfter(TimeSpan.Zero, "not now")));

        await PublishAsync("poll.created", "stubborn");

        for (var attempt = 1; attempt <= 3; attempt++)
        {
            var arrived = await receiving.NextAsync();
            (arrived.Text, arrived.Attempt).ShouldBe(("stubborn", attempt));
            arrived.Header("cloudEvents:type").ShouldBe(Own("poll.created"));
        }
    }

    [Fact]
    public async Task It_comes_again_to_its_own_subscription_only()
    {
        var refusing = await ReceiveAsync("poll.created", "refusing", No(1, ReceiveOutcome.RetryAfter(TimeSpan.Zero, "not now")));
        var other = await ReceiveAsync("poll.created", "other");

        await PublishAsync("poll.created", "one");
        (await refusing.NextTextsAsync(2)).ShouldBe(["one", "one"]);
        await PublishAsync("poll.created", "two");

        (await other.NextTextsAsync(2)).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task It_waits_for_its_delay_and_holds_nobody_up()
    {
        var receiving = await ReceiveAsync("poll.created", "all", answer: static message =>
            new(message is { Text: "late", Attempt: 1 } ? ReceiveOutcome.RetryAfter(Delay, "not now") : ReceiveOutcome.Acknowledged));

        await PublishAsync("poll.created", "late");
        await PublishAsync("poll.created", "early");

        (await receiving.NextTextsAsync(2)).ShouldBe(["late", "early"]);
        receiving.Waiting.ShouldBe(0);
        await Transports.PassAsync(Delay);
        (await receiving.NextAsync()).Text.ShouldBe("late");
    }

    [Fact]
    public async Task It_comes_again_though_its_receiver_has_gone_meanwhile()
    {
        var first = await ReceiveAsync("poll.created", "all", No(1, ReceiveOutcome.RetryAfter(Delay, "not now")));
        await PublishAsync("poll.created", "late");
        await first.NextAsync();
        await first.DisposeAsync();

        await Transports.PassAsync(Delay);
        var second = await ReceiveAsync("poll.created", "all");

        (await second.NextAsync()).Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task An_event_that_was_given_back_comes_again_uncounted()
    {
        var receiving = await ReceiveAsync("poll.created", "all", No(2, ReceiveOutcome.Returned));

        await PublishAsync("poll.created", "one");

        for (var time = 0; time < 3; time++)
        {
            (await receiving.NextAsync()).Attempt.ShouldBe(1);
        }
    }

    [Fact]
    public async Task An_event_whose_receiver_throws_comes_again()
    {
        var receiving = await ReceiveAsync("poll.created", "all", answer: static _ => throw new InvalidOperationException("It broke."));

        await PublishAsync("poll.created", "one");
        await receiving.NextAsync();
        await receiving.DisposeAsync();
        await Transports.PassAsync(Delay);

        (await (await ReceiveAsync("poll.created", "all")).NextAsync()).Text.ShouldBe("one");
    }

    [Fact]
    public async Task A_hundred_events_that_several_receivers_refuse_are_all_acknowledged_in_the_end()
    {
        var receivers = new List<Receiving>();
        for (var number = 0; number < 4; number++)
        {
            receivers.Add(await ReceiveAsync(
                "poll.created",
                "all",
                answer: static message => new(message.Attempt == 1 ? ReceiveOutcome.RetryAfter(TimeSpan.Zero, "not now") : ReceiveOutcome.Acknowledged),
                concurrency: 4));
        }

        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => PublishAsync("poll.created", $"{number}").AsTask()));

        var done = new List<string>();
        var reading = receivers.Select(receiving => receiving.NextAsync()).ToList();
        while (done.Count < 100)
        {
            var next = await Task.WhenAny(reading);
            var message = await next;
            if (message.Attempt == 2)
            {
                done.Add(message.Text);
            }

            var place = reading.IndexOf(next);
            reading[place] = done.Count < 100 ? receivers[place].NextAsync() : Task.FromResult(message);
        }

        done.Distinct().Count().ShouldBe(100);
    }
}
