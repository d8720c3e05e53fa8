using Carillon.Transports;

namespace Carillon.Conformance.Transports;

/// <summary>Several receivers of one subscription, and the order of keys.</summary>
/// <typeparam name="TTransports">The broker of a test.</typeparam>
public abstract class CompetingTests<TTransports> : TransportTests<TTransports>
    where TTransports : TestTransports, new()
{
    [Fact]
    public async Task Each_event_goes_to_one_of_them()
    {
        var other = await Transports.OpenAsync();
        var handled = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var all = new TaskCompletionSource();
        await ReceiveAsync("poll.created", "all", Answer);
        await ReceiveAsync("poll.created", "all", Answer, transport: other);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => PublishAsync("poll.created", $"{number}").AsTask()));

        await all.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        handled.Distinct().Count().ShouldBe(50);
        handled.Count.ShouldBe(50);

        ValueTask<ReceiveOutcome> Answer(ReceivedMessage message)
        {
            handled.Enqueue(message.Text);
            if (handled.Count == 50)
            {
                all.TrySetResult();
            }

            return new(ReceiveOutcome.Acknowledged);
        }
    }

    [Fact]
    public async Task One_that_is_busy_is_passed_over()
    {
        var hold = new TaskCompletionSource();
        var busy = await ReceiveAsync("poll.created", "all", answer: async _ =>
        {
            await hold.Task;
            return ReceiveOutcome.Acknowledged;
        });
        await PublishAsync("poll.created", "long");
        await busy.NextAsync();
        var free = await ReceiveAsync("poll.created", "all");

        await PublishAsync("poll.created", "short");
        await PublishAsync("poll.created", "short too");

        (await free.NextTextsAsync(2)).ShouldBe(["short", "short too"]);
        hold.SetResult();
    }

    [Fact]
    public async Task No_more_are_handled_at_once_than_were_asked_for()
    {
        var gate = new SemaphoreSlim(0);
        var running = 0;
        var most = 0;
        var three = new TaskCompletionSource();
        var receiving = await ReceiveAsync("poll.created", "all", concurrency: 3, answer: async _ =>
        {
            var now = Interlocked.Increment(ref running);
            lock (gate)
            {
                most = Math.Max(most, now);
            }

            if (now == 3)
            {
                three.TrySetResult();
            }

            await gate.WaitAsync(Cancel);
            Interlocked.Decrement(ref running);
            return ReceiveOutcome.Acknowledged;
        });

        await Task.WhenAll(Enumerable.Range(0, 12).Select(number => PublishAsync("poll.created", $"{number}").AsTask()));
        await three.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        gate.Release(12);
        await receiving.NextTextsAsync(12);

        most.ShouldBe(3);
    }

    [Fact]
    public async Task What_one_had_in_hand_when_it_was_lost_goes_to_another_uncounted()
    {
        var hold = new TaskCompletionSource();
        var lost = await ReceiveAsync("poll.created", "all", concurrency: 2, answer: async _ =>
        {
            await hold.Task;
            return ReceiveOutcome.DeadLetter("Nobody listens to this any more.");
        });
        await PublishAsync("poll.created", "one");
        await PublishAsync("poll.created", "two");
        await lost.NextTextsAsync(2);

        using var over = new CancellationTokenSource(TimeSpan.Zero);
        await lost.Subscription.StopAsync(over.Token);
        var other = await ReceiveAsync("poll.created", "all");

        var first = await other.NextAsync();
        var second = await other.NextAsync();
        hold.SetResult();
        new[] { first.Text, second.Text }.Order().ShouldBe(["one", "two"]);
        (first.Attempt, second.Attempt).ShouldBe((1, 1));
        await PublishAsync("poll.created", "three");
        (await other.NextAsync()).Text.ShouldBe("three");
        (await Transport.DeadLetters.ListAsync(Own("all"), 10, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_order_of_each_key_is_kept_whoever_receives()
    {
        Needs(TransportFeatures.OrdersByKey);
        var seen = new List<(string Key, int Number)>();
        var all = new TaskCompletionSource();
        for (var receiver = 0; receiver < 4; receiver++)
        {
            await ReceiveAsync("vote.cast", "ordered", Answer, concurrency: 4, ordered: true);
        }

        for (var number = 0; number < 20; number++)
        {
            for (var key = 0; key < 16; key++)
            {
                await PublishAsync("vote.cast", $"{key}:{number}", $"key {key}");
            }
        }

        await all.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        foreach (var key in seen.GroupBy(each => each.Key))
        {
            key.Select(each => each.Number).ShouldBe(Enumerable.Range(0, 20), $"of key {key.Key}");
        }

        async ValueTask<ReceiveOutcome> Answer(ReceivedMessage message)
        {
            // Others get their chance to come before it.
            await Task.Yield();
            var parts = message.Text.Split(':');
            lock (seen)
            {
                seen.Add((parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)));
                if (seen.Count == 320)
                {
                    all.TrySetResult();
                }
            }

            return ReceiveOutcome.Acknowledged;
        }
    }

    [Fact]
    public async Task Those_that_wait_for_one_of_their_key_come_in_their_order()
    {
        Needs(TransportFeatures.OrdersByKey);
        var hold = new TaskCompletionSource();
        // As many as are published may be in hand: with fewer, those that wait would keep the other key from coming.
        var receiving = await ReceiveAsync("vote.cast", "ordered", ordered: true, concurrency: 8, answer: async message =>
        {
            if (message.Text == "a1")
            {
                await hold.Task;
            }

            return ReceiveOutcome.Acknowledged;
        });

        foreach (var text in (string[])["a1", "a2", "a3", "a4", "a5"])
        {
            await PublishAsync("vote.cast", text, "a");
        }

        await PublishAsync("vote.cast", "b1", "b");
        (await receiving.NextTextsAsync(2)).Order().ShouldBe(["a1", "b1"]);
        hold.SetResult();

        (await receiving.NextTextsAsync(4)).ShouldBe(["a2", "a3", "a4", "a5"]);
    }

    [Fact]
    public async Task One_that_comes_again_holds_up_its_key_and_no_other()
    {
        Needs(TransportFeatures.OrdersByKey | TransportFeatures.OrdersRetries);
        var delay = TimeSpan.FromSeconds(1);
        var receiving = await ReceiveAsync("vote.cast", "ordered", ordered: true, answer: message =>
            new(message is { Text: "a1", Attempt: 1 } ? ReceiveOutcome.RetryAfter(delay, "not now") : ReceiveOutcome.Acknowledged));

        await PublishAsync("vote.cast", "a1", "a");
        await receiving.NextAsync();
        await PublishAsync("vote.cast", "a2", "a");
        await PublishAsync("vote.cast", "b1", "b");
        (await receiving.NextAsync()).Text.ShouldBe("b1");
        await Transports.PassAsync(delay);

        (await receiving.NextTextsAsync(2)).ShouldBe(["a1", "a2"]);
    }

    [Fact]
    public async Task One_that_is_given_up_holds_up_nobody()
    {
        Needs(TransportFeatures.OrdersByKey);
        var receiving = await ReceiveAsync("vote.cast", "ordered", ordered: true, answer: static message =>
            new(message.Text == "a1" ? ReceiveOutcome.DeadLetter("broken") : ReceiveOutcome.Acknowledged));

        await PublishAsync("vote.cast", "a1", "a");
        await PublishAsync("vote.cast", "a2", "a");

        (await receiving.NextTextsAsync(2)).ShouldBe(["a1", "a2"]);
    }
}
