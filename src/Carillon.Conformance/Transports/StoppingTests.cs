using Carillon.Transports;

namespace Carillon.Conformance.Transports;

/// <summary>A receiver stops gracefully.</summary>
/// <typeparam name="TTransports">The broker of a test.</typeparam>
public abstract class StoppingTests<TTransports> : TransportTests<TTransports>
    where TTransports : TestTransports, new()
{
    [Fact]
    public async Task What_is_being_handled_ends_and_is_acknowledged_and_nothing_new_comes()
    {
        var hold = new TaskCompletionSource();
        var receiving = await ReceiveAsync("poll.created", "all", answer: async _ =>
        {
            await hold.Task;
            return ReceiveOutcome.Acknowledged;
        });
        await PublishAsync("poll.created", "running");
        var running = await receiving.NextAsync();

        var stopping = receiving.Subscription.StopAsync(CancellationToken.None).AsTask();
        await PublishAsync("poll.created", "after it");
        stopping.IsCompleted.ShouldBeFalse();
        hold.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        running.Lost.IsCancellationRequested.ShouldBeFalse();
        receiving.Waiting.ShouldBe(0);
        (await (await ReceiveAsync("poll.created", "all")).NextAsync()).Text.ShouldBe("after it");
    }

    [Fact]
    public async Task When_the_time_is_over_what_is_being_handled_is_cancelled_and_comes_again_uncounted()
    {
        var receiving = await ReceiveAsync("poll.created", "all", answer: static async message =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, message.Lost);
            return ReceiveOutcome.Acknowledged;
        });
        await PublishAsync("poll.created", "long");
        await receiving.NextAsync();

        using var deadline = new CancellationTokenSource();
        var stopping = receiving.Subscription.StopAsync(deadline.Token).AsTask();
        await deadline.CancelAsync();
        await stopping.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        var again = await (await ReceiveAsync("poll.created", "all")).NextAsync();
        (again.Text, again.Attempt).ShouldBe(("long", 1));
    }

    [Fact]
    public async Task What_waits_on_this_side_goes_back_to_others()
    {
        var hold = new TaskCompletionSource();
        var receiving = await ReceiveAsync("poll.created", "all", answer: async _ =>
        {
            await hold.Task;
            return ReceiveOutcome.Acknowledged;
        });
        foreach (var text in (string[])["one", "two", "three"])
        {
            await PublishAsync("poll.created", text);
        }

        await receiving.NextAsync();
        var stopping = receiving.Subscription.StopAsync(CancellationToken.None).AsTask();
        hold.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        (await (await ReceiveAsync("poll.created", "all")).NextTextsAsync(2)).Order().ShouldBe(["three", "two"]);
    }

    [Fact]
    public async Task Stopping_twice_is_stopping_once()
    {
        var receiving = await ReceiveAsync("poll.created");

        await receiving.Subscription.StopAsync(CancellationToken.None);
        await receiving.Subscription.StopAsync(CancellationToken.None);
        await receiving.Subscription.DisposeAsync();
    }
}
