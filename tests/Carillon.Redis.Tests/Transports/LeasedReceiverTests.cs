using System.Collections.Concurrent;
using Carillon.Testing;
using Carillon.Transports;
using Carillon.Transports.Internal;

namespace Carillon.Redis.Tests.Transports;

/// <summary>What a receiver with a lease does when something fails that nobody had thought of.</summary>
public sealed class LeasedReceiverTests
{
    private readonly SimulatedTime _clock = new();
    private readonly ConcurrentQueue<TimeSpan> _waits = new();
    private readonly TimeProvider _time;
    private int _calls;

    public LeasedReceiverTests() => _time = new NotingTime(_clock, _waits);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static TimeSpan Patience => TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_receiver_goes_on_telling_of_itself_after_an_exception_that_nobody_had_thought_of()
    {
        var again = new TaskCompletionSource();
        var receiver = New();
        receiver.Extend = () => FailFirst(1, new InvalidOperationException("Connection is not open"), again);
        await receiver.StartAsync(Cancel);

        await PassAsync(again.Task);

        await StopAsync(receiver);
        receiver.Told.ShouldHaveSingleItem().ShouldBe("not extended: Connection is not open");
    }

    [Fact]
    public async Task After_one_that_has_failed_a_receiver_tells_of_itself_again_soon()
    {
        var again = new TaskCompletionSource();
        var receiver = New();
        receiver.Extend = () => FailFirst(3, new TransportException("The server is away."), again);
        await receiver.StartAsync(Cancel);

        await PassAsync(again.Task);

        await StopAsync(receiver);
        _waits.Where(static wait => wait != TimeSpan.FromSeconds(1)).Distinct().Take(4).Select(static wait => wait.TotalSeconds).ShouldBe([10, 0.1, 0.2, 0.4]);
    }

    [Fact]
    public async Task What_becomes_of_an_event_is_said_again_after_an_exception_that_nobody_had_thought_of()
    {
        var settled = new TaskCompletionSource();
        var receiver = New();
        receiver.Take = ScriptedReceiver.Once(_time);
        receiver.Settle = async _ => await FailFirst(1, new InvalidOperationException("Connection is not open"), settled);
        await receiver.StartAsync(Cancel);

        await PassAsync(settled.Task);

        await StopAsync(receiver);
        receiver.Told.ShouldHaveSingleItem().ShouldBe("settled later: Connection is not open");
    }

    [Fact]
    public async Task A_receiver_stops_though_nothing_can_be_said_of_its_events_and_its_end_cannot_be_told()
    {
        var tried = new TaskCompletionSource();
        var receiver = New();
        receiver.Take = ScriptedReceiver.Once(_time);
        receiver.Settle = _ =>
        {
            tried.TrySetResult();
            throw new InvalidOperationException("Connection is not open");
        };
        receiver.End = static () => throw new InvalidOperationException("Connection is not open");
        await receiver.StartAsync(Cancel);
        await tried.Task.WaitAsync(Patience, Cancel);

        await StopAsync(receiver);

        receiver.IsClosed.ShouldBeTrue();
        receiver.Told.ShouldContain("not settled: Connection is not open");
    }

    [Fact]
    public async Task When_the_time_to_stop_is_over_what_is_handled_is_cancelled_though_the_server_answers_nothing()
    {
        var answer = new TaskCompletionSource<TakenEvents>();
        var asked = new TaskCompletionSource();
        var handled = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var receiver = New(async lost =>
        {
            handled.TrySetResult();
            await using var registration = lost.Register(() => cancelled.TrySetResult());
            await cancelled.Task;
            return ReceiveOutcome.Acknowledged;
        });
        var first = ScriptedReceiver.Once(_time);
        receiver.Take = async () =>
        {
            if (await first() is { Events.Count: > 0 } taken)
            {
                return taken;
            }

            asked.TrySetResult();
            return await answer.Task;
        };
        await receiver.StartAsync(Cancel);
        await handled.Task.WaitAsync(Patience, Cancel);
        await asked.Task.WaitAsync(Patience, Cancel);

        using var deadline = new CancellationTokenSource();
        var stopping = receiver.StopAsync(deadline.Token).AsTask();
        await deadline.CancelAsync();
        await cancelled.Task.WaitAsync(Patience, Cancel);

        answer.SetResult(ScriptedReceiver.Nothing(_time));
        await stopping.WaitAsync(Patience, Cancel);
    }

    [Fact]
    public async Task A_receiver_stops_though_somebody_throws_who_hears_that_an_event_is_cancelled()
    {
        var handled = new TaskCompletionSource();
        var receiver = New(lost => ThrowWhenCancelledAsync(handled, lost));
        receiver.Take = ScriptedReceiver.Once(_time);
        await receiver.StartAsync(Cancel);
        await handled.Task.WaitAsync(Patience, Cancel);

        using var over = new CancellationTokenSource(TimeSpan.Zero);
        await receiver.StopAsync(over.Token).AsTask().WaitAsync(Patience, Cancel);

        receiver.IsClosed.ShouldBeTrue();
        receiver.Told.ShouldHaveSingleItem().ShouldContain("not now");
    }

    [Fact]
    public async Task A_receiver_goes_on_telling_of_itself_though_somebody_throws_who_hears_that_its_events_are_lost()
    {
        var handled = new TaskCompletionSource();
        var beats = 0;
        var again = new TaskCompletionSource();
        var receiver = New(lost => ThrowWhenCancelledAsync(handled, lost));
        receiver.Take = ScriptedReceiver.Once(_time);
        receiver.Extend = () =>
        {
            var beat = Interlocked.Increment(ref beats);
            if (beat > 1)
            {
                again.TrySetResult();
            }

            return new(beat > 1);
        };
        await receiver.StartAsync(Cancel);
        await handled.Task.WaitAsync(Patience, Cancel);

        await PassAsync(again.Task);

        await StopAsync(receiver);
    }

    private ValueTask<bool> FailFirst(int times, Exception exception, TaskCompletionSource succeeded)
    {
        if (Interlocked.Increment(ref _calls) <= times)
        {
            throw exception;
        }

        succeeded.TrySetResult();
        return new(true);
    }

    private static async ValueTask<ReceiveOutcome> ThrowWhenCancelledAsync(TaskCompletionSource handled, CancellationToken lost)
    {
        var cancelled = new TaskCompletionSource();
        // Not taken back in time, or it would not be called.
        lost.Register(static () => throw new InvalidOperationException("not now"));
        await using var other = lost.Register(() => cancelled.TrySetResult());
        handled.TrySetResult();
        await cancelled.Task;
        return ReceiveOutcome.Acknowledged;
    }

    private ScriptedReceiver New(Func<CancellationToken, ValueTask<ReceiveOutcome>>? handle = null) => new(
        new TransportSubscription { Patterns = ["#"], Key = "all", Concurrency = 1 },
        (_, lost) => handle?.Invoke(lost) ?? new(ReceiveOutcome.Acknowledged),
        _time);

    private static async Task StopAsync(ScriptedReceiver receiver)
    {
        await receiver.StopAsync(CancellationToken.None).AsTask().WaitAsync(Patience, Cancel);
        receiver.IsClosed.ShouldBeTrue();
    }

    /// <summary>Time passes until it has happened.</summary>
    private async Task PassAsync(Task happened)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(Patience);
        while (!happened.IsCompleted)
        {
            patience.Token.ThrowIfCancellationRequested();
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    /// <summary>Notes for how long it is waited.</summary>
    private sealed class NotingTime(SimulatedTime clock, ConcurrentQueue<TimeSpan> waits) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime > TimeSpan.Zero)
            {
                waits.Enqueue(dueTime);
            }

            return clock.CreateTimer(callback, state, dueTime, period);
        }
    }
}
