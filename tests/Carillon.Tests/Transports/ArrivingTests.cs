using Carillon.Testing;
using Carillon.Transports;
using Carillon.Transports.InMemory;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Transports;

/// <summary>C3, C5: what a listener gives up, and what a stop does not wait for.</summary>
public sealed class ArrivingTests
{
    private readonly SimulatedTime _time = new();
    private readonly InMemoryTransport _broker;

    public ArrivingTests() => _broker = new InMemoryTransport(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_listener_that_discards_an_event_makes_it_a_dead_letter_at_once_and_none_after_it_takes_part()
    {
        var after = 0;
        await using var receiver = await ReceiverAsync(carillon => carillon
            .Listen<GateOpened>((_, context, _) =>
            {
                context.Discard("nobody is there");
                return ValueTask.CompletedTask;
            })
            .Listen<GateOpened>(_ => after++));
        await SendAsync(new GateOpened(1));

        var letter = (await _broker.DeadLetters.ListAsync("gates", 10, Cancel)).ShouldHaveSingleItem();
        (letter.Reason, letter.Attempts, letter.IsParked).ShouldBe(("nobody is there", 1, false));
        after.ShouldBe(0);
    }

    [Fact]
    public async Task A_dead_letter_that_is_discarded_is_gone_and_one_that_is_replayed_comes_as_for_the_first_time()
    {
        var attempts = new List<(int Number, int Attempt)>();
        var isBroken = true;
        await using var receiver = await ReceiverAsync(carillon => carillon
            .ConfigureRetries(retries => retries.MaxAttempts = 1)
            .Listen<GateOpened>((gate, context, _) =>
            {
                attempts.Add((gate.Number, context.Attempt));
                return isBroken ? throw new InvalidOperationException("stuck") : ValueTask.CompletedTask;
            }));
        await SendAsync(new GateOpened(1), new GateOpened(2));
        var letters = await _broker.DeadLetters.ListAsync("gates", 10, Cancel);
        letters.Count.ShouldBe(2);

        isBroken = false;
        (await _broker.DeadLetters.DiscardAsync("gates", [letters[0].Id], Cancel)).ShouldBe(1);
        (await _broker.DeadLetters.DiscardAsync("gates", [letters[0].Id], Cancel)).ShouldBe(0);
        (await _broker.DeadLetters.ReplayAsync("gates", ids: null, Cancel)).ShouldBe(1);
        await _broker.WhenIdleAsync(Cancel);

        attempts.ShouldBe([(1, 1), (2, 1), (2, 1)]);
        (await _broker.DeadLetters.ListAsync("gates", 10, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stop_waits_for_the_drain_deadline_and_no_longer_and_what_has_not_ended_comes_again_uncounted()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await ReceiverAsync(
            carillon => carillon.Listen<GateOpened>(async (_, token) =>
            {
                begun.SetResult();
                await using var registration = token.Register(cancelled.SetResult);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            }),
            options => options.DrainTimeout = TimeSpan.FromSeconds(7));
        await PublishAsync(new GateOpened(1));
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        var stopping = receiver.StopAsync();
        _time.Advance(TimeSpan.FromSeconds(7) - TimeSpan.FromTicks(1));
        cancelled.Task.IsCompleted.ShouldBeFalse();
        stopping.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromTicks(1));
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await stopping.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        receiver.Log.Entries.ShouldContain(entry => entry.Level == LogLevel.Warning && entry.Message.Contains("00:00:07", StringComparison.Ordinal));
        var attempts = new List<int>();
        await using var next = await ReceiverAsync(carillon => carillon.Listen<GateOpened>((_, context, _) =>
        {
            attempts.Add(context.Attempt);
            return ValueTask.CompletedTask;
        }));
        await _broker.WhenIdleAsync(Cancel);
        attempts.ShouldBe([1]);
    }

    [Fact]
    public async Task A_broker_is_idle_when_nothing_is_being_received_although_something_waits()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var received = 0;
        await using var receiver = await ReceiverAsync(carillon => carillon.Listen<GateOpened>(async (_, _) =>
        {
            await hold.Task;
            received++;
        }));
        await _broker.WhenIdleAsync(Cancel);
        await PublishAsync(new GateOpened(1), new GateOpened(2));

        var idle = _broker.WhenIdleAsync(Cancel);
        idle.IsCompleted.ShouldBeFalse();
        hold.SetResult();
        await idle.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        received.ShouldBe(2);
        await receiver.StopAsync();
        await PublishAsync(new GateOpened(3));
        await _broker.WhenIdleAsync(Cancel);
        received.ShouldBe(2);
    }

    private async Task SendAsync(params GateOpened[] events)
    {
        await PublishAsync(events);
        await _broker.WhenIdleAsync(Cancel);
    }

    private async Task PublishAsync(params GateOpened[] events)
    {
        await using var sender = await Application.StartAsync(carillon => carillon
            .UseInMemory().UseSimulatedTime(_time).RunDeliveriesByHand().UseInMemoryTransport(_broker).Publish<GateOpened>());
        foreach (var @event in events)
        {
            await sender.Events.DispatchAsync(@event, Cancel);
        }

        await sender.Services.DrainDeliveriesAsync(cancellationToken: Cancel);
    }

    private Task<Application> ReceiverAsync(Action<CarillonBuilder> configure, Action<TransportOptions>? transport = null) => Application.StartAsync(carillon =>
    {
        carillon.UseSimulatedTime(_time).UseInMemoryTransport(_broker, transport).AddEvent<GateOpened>()
            .Subscribe("gate.#", subscription => (subscription.Key, subscription.Concurrency) = ("gates", 1));
        configure(carillon);
    });

    [Event("gate.opened")]
    private sealed record GateOpened(int Number);
}
