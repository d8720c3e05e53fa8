using Carillon.Transports;

namespace Carillon.Conformance.Transports;

/// <summary>Durable and temporary subscriptions.</summary>
/// <typeparam name="TTransports">The broker of a test.</typeparam>
public abstract class SubscribingTests<TTransports> : TransportTests<TTransports>
    where TTransports : TestTransports, new()
{
    [Fact]
    public async Task With_a_key_it_survives_the_absence_of_its_receiver()
    {
        await using (await ReceiveAsync("poll.created", "all"))
        {
        }

        await PublishAsync("poll.created", "meanwhile");

        (await (await ReceiveAsync("poll.created", "all")).NextAsync()).Text.ShouldBe("meanwhile");
    }

    [Fact]
    public async Task Without_a_key_it_is_gone_with_its_receiver()
    {
        Needs(TransportFeatures.TellsUnrouted);
        await using (var receiving = await ReceiveAsync("poll.created"))
        {
            (await PublishAsync("poll.created", "there")).ShouldBe(PublishResult.Routed);
            (await receiving.NextAsync()).Text.ShouldBe("there");
        }

        (await PublishAsync("poll.created", "gone")).ShouldBe(PublishResult.Unrouted);
        var again = await ReceiveAsync("poll.created");
        await PublishAsync("poll.created", "new");
        (await again.NextAsync()).Text.ShouldBe("new");
    }

    [Fact]
    public async Task What_was_not_acknowledged_comes_again_to_the_next_receiver_and_what_was_does_not()
    {
        var hold = new TaskCompletionSource();
        var first = await ReceiveAsync("poll.created", "all", answer: async message =>
        {
            if (message.Text == "two")
            {
                await hold.Task;
            }

            return ReceiveOutcome.Acknowledged;
        });
        await PublishAsync("poll.created", "one");
        await PublishAsync("poll.created", "two");
        await first.NextTextsAsync(2);
        using var over = new CancellationTokenSource(TimeSpan.Zero);
        await first.Subscription.StopAsync(over.Token);

        var second = await ReceiveAsync("poll.created", "all");

        var arrived = await second.NextAsync();
        hold.SetResult();
        (arrived.Text, arrived.Attempt).ShouldBe(("two", 1));
    }

    [Fact]
    public async Task Another_process_goes_on_where_the_first_one_has_stopped()
    {
        await using (var receiving = await ReceiveAsync("poll.created", "all"))
        {
            await PublishAsync("poll.created", "one");
            await receiving.NextAsync();
        }

        await PublishAsync("poll.created", "two");
        await RestartAsync();

        (await (await ReceiveAsync("poll.created", "all")).NextAsync()).Text.ShouldBe("two");
    }

    [Fact]
    public async Task Deleted_it_starts_fresh()
    {
        await using (var receiving = await ReceiveAsync("poll.created", "all", No(1, ReceiveOutcome.DeadLetter("broken"))))
        {
            await PublishAsync("poll.created", "dead");
            await receiving.NextAsync();
            await DeadLettersAsync("all", 1);
        }

        await PublishAsync("poll.created", "waiting");

        (await Transport.DeleteSubscriptionAsync(Own("all"), Cancel)).ShouldBeTrue();
        (await Transport.DeleteSubscriptionAsync(Own("all"), Cancel)).ShouldBeFalse();

        var fresh = await ReceiveAsync("poll.created", "all");
        await PublishAsync("poll.created", "new");
        (await fresh.NextAsync()).Text.ShouldBe("new");
        (await Transport.DeadLetters.ListAsync(Own("all"), 10, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_not_deleted_while_somebody_receives_from_it()
    {
        var receiving = await ReceiveAsync("poll.created", "all");

        await Should.ThrowAsync<TransportException>(async () => await Transport.DeleteSubscriptionAsync(Own("all"), Cancel));

        await PublishAsync("poll.created", "still there");
        (await receiving.NextAsync()).Text.ShouldBe("still there");
    }

    [Fact]
    public async Task Subscribed_with_other_patterns_it_takes_those_from_then_on()
    {
        await using (await ReceiveAsync("poll.created", "all"))
        {
        }

        var receiving = await ReceiveAsync("poll.closed", "all");
        await PublishAsync("poll.created", "of the old pattern");
        await PublishAsync("poll.closed", "of the new one");

        (await receiving.NextAsync()).Text.ShouldBe("of the new one");
    }

    [Fact]
    public async Task Keys_that_differ_in_anything_are_two()
    {
        string[] keys = ["a b", "a_b", "a.b", "a/b", "A b", "\u00e4", "a", "a#", "a*", "a\ud83d\ude00", new('x', 60), new string('x', 60) + "y"];
        var receivers = new List<Receiving>();
        foreach (var key in keys)
        {
            receivers.Add(await ReceiveAsync("poll.created", key));
        }

        await PublishAsync("poll.created", "to each");

        foreach (var receiving in receivers)
        {
            (await receiving.NextAsync()).Text.ShouldBe("to each");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData(null)]
    public async Task A_key_that_cannot_be_is_refused(string? key)
    {
        var wanted = new TransportSubscription { Patterns = [Own("#")], Key = key ?? new string('x', TransportSubscription.MaxKeyLength + 1) };

        await Should.ThrowAsync<TransportException>(async () => await Transport.SubscribeAsync(wanted, static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("poll.cr*")]
    public async Task A_pattern_that_is_none_is_refused(string pattern)
    {
        var wanted = new TransportSubscription { Patterns = [pattern], Key = Own("all") };

        await Should.ThrowAsync<TransportException>(async () => await Transport.SubscribeAsync(wanted, static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel));
    }

    [Fact]
    public async Task A_kind_of_queue_that_nobody_knows_is_refused()
    {
        var wanted = new TransportSubscription { Patterns = [Own("#")], Key = Own("all"), QueueKind = "no such kind" };

        await Should.ThrowAsync<TransportException>(async () => await Transport.SubscribeAsync(wanted, static (_, _) => new(ReceiveOutcome.Acknowledged), Cancel));
    }

    [Fact]
    public async Task Fifty_begin_at_once()
    {
        var receivers = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => ReceiveAsync($"poll.n{number}", $"key {number}").AsTask()));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => PublishAsync($"poll.n{number}", $"{number}").AsTask()));

        for (var number = 0; number < 50; number++)
        {
            (await receivers[number].NextAsync()).Text.ShouldBe($"{number}");
        }
    }
}
