using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Hosting;
using Carillon.Listeners;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Hosting;

/// <summary>Queues are lanes: what happens in one is nothing to the others.</summary>
public sealed class LaneTests
{
    private readonly InMemoryDeliveryStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_queue_that_is_full_of_stuck_listeners_holds_up_no_other()
    {
        var never = Signal();
        var stuck = new CountdownEvent(3);
        var ran = Signal();
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => (worker.PollInterval, worker.BatchSize, worker.MaxConcurrency, worker.DrainTimeout) = (TimeSpan.FromHours(1), 4, 3, TimeSpan.Zero))
            .Listen<NumberCounted>(
                async (_, _) =>
                {
                    if (!stuck.IsSet)
                    {
                        stuck.Signal();
                    }

                    await never.Task;
                },
                Durable("stuck", "slow"))
            .Listen<SquareCounted>(_ => ran.SetResult(), Durable("quick")));
        for (var number = 0; number < 100; number++)
        {
            await application.Events.DispatchAsync(new NumberCounted(number), Cancellation);
        }

        await Task.Run(() => stuck.Wait(Cancellation), Cancellation);
        await application.Events.DispatchAsync(new SquareCounted(1), Cancellation);

        await ran.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);
        never.SetResult();
    }

    [Fact]
    public async Task A_queue_has_its_own_number_of_listeners_at_a_time()
    {
        var (running, most) = (0, 0);
        var two = Signal();
        var left = new CountdownEvent(50);
        await using var application = await StartAsync(carillon => carillon
            .ConfigureQueue("narrow", queue => queue.MaxConcurrency = 2)
            .Listen<NumberCounted>(async (_, _) => await CountAsync(left), Durable("count", "narrow")));
        for (var number = 0; number < 50; number++)
        {
            await application.Events.DispatchAsync(new NumberCounted(number), Cancellation);
        }

        await Task.Run(() => left.Wait(Cancellation), Cancellation);
        most.ShouldBe(2);

        async Task CountAsync(CountdownEvent done)
        {
            InterlockedMax(ref most, Interlocked.Increment(ref running));
            if (Volatile.Read(ref most) >= 2)
            {
                two.TrySetResult();
            }

            // The first waits for the second, so that there are two at some time, whatever else the machine does.
            await two.Task;
            await Task.Yield();
            Interlocked.Decrement(ref running);
            done.Signal();
        }
    }

    [Fact] // B11: a limit over all processes
    public async Task A_limit_holds_over_all_processes_and_what_waits_goes_on_without_a_poll()
    {
        var (running, most) = (0, 0);
        var left = new CountdownEvent(60);
        void Configure(CarillonBuilder carillon) => carillon
            .ConfigureWorker(worker => worker.PollInterval = TimeSpan.FromMilliseconds(20))
            .ConfigureQueue("mail", queue => queue.Limit = 3)
            .Listen<NumberCounted>(
                async (_, _) =>
                {
                    InterlockedMax(ref most, Interlocked.Increment(ref running));
                    await Task.Yield();
                    Interlocked.Decrement(ref running);
                    left.Signal();
                },
                Durable("count", "mail"));
        await using var one = await StartAsync(Configure);
        await using var other = await StartAsync(Configure);
        for (var number = 0; number < 60; number++)
        {
            await (number % 2 == 0 ? one : other).Events.DispatchAsync(new NumberCounted(number), Cancellation);
        }

        await Task.Run(() => left.Wait(Cancellation), Cancellation);

        most.ShouldBeLessThanOrEqualTo(3);
    }

    [Fact] // Conformance 406
    public async Task Nothing_of_a_paused_queue_starts_and_resuming_starts_it_at_once()
    {
        var first = Signal();
        var finish = Signal();
        var second = Signal();
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => (worker.PollInterval, worker.MaxConcurrency) = (TimeSpan.FromHours(1), 1))
            .Listen<NumberCounted>(
                async (e, _) =>
                {
                    if (e.Number == 1)
                    {
                        first.SetResult();
                        await finish.Task;
                    }
                    else
                    {
                        second.TrySetResult();
                    }
                },
                Durable("count", "mail")));
        var deliveries = application.Services.GetRequiredService<IDeliveries>();
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await first.Task.WaitAsync(Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);

        (await deliveries.PauseAsync("mail", Cancellation)).ShouldBeTrue();
        (await deliveries.PauseAsync("mail", Cancellation)).ShouldBeFalse();
        await application.Events.DispatchAsync(new NumberCounted(3), Cancellation);
        finish.SetResult();
        await Waiting.UntilAsync(async () => (await ListAsync()).All(delivery => delivery.State == DeliveryState.Ready) && (await ListAsync()).Count == 2);

        second.Task.IsCompleted.ShouldBeFalse();
        (await ListAsync()).ShouldAllBe(delivery => delivery.Attempts == 0);
        var queue = (await deliveries.ListQueuesAsync(Cancellation)).ShouldHaveSingleItem();
        (queue.Name, queue.Waiting, queue.PausedAt is not null).ShouldBe(("mail", 2L, true));
        (await deliveries.ResumeAsync("mail", Cancellation)).ShouldBeTrue();
        await second.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);
    }

    [Fact]
    public async Task A_pause_by_another_process_is_seen_at_the_next_poll()
    {
        var time = new SimulatedTime();
        await using var application = await StartAsync(carillon => carillon
            .UseSimulatedTime(time)
            .Listen<NumberCounted>(_ => throw new UnrecoverableListenerException("ran"), Durable("count", "mail")));
        await _store.PauseAsync("mail", time.GetUtcNow(), Cancellation);
        var lane = application.Services.GetRequiredService<Carillon.Deliveries.Internal.DeliveriesInHand>().Find("mail").ShouldNotBeNull();

        await Waiting.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(lane.IsPaused);
        });
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        (await _store.CountAsync(time.GetUtcNow(), Cancellation))[DeliveryState.Ready].ShouldBe(1);
    }

    [Fact]
    public async Task A_queue_that_nobody_has_named_is_worked_off_too()
    {
        var ran = Signal();
        await using (var before = await StartAsync(carillon => carillon.RunDeliveriesByHand().Listen<NumberCounted>(_ => { }, Durable("count", "old"))))
        {
            await before.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        }

        await using var application = await StartAsync(carillon => carillon.ConfigureWorker(NeverPoll).Listen<NumberCounted>(_ => ran.SetResult(), Durable("count", "new")));

        await ran.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);
    }

    [Fact]
    public async Task What_a_process_does_not_work_off_is_left_to_others_who_are_told()
    {
        var flaky = new FlakyStore(_store);
        await using var application = await Application.StartAsync(carillon => carillon
            .UseStore(_ => flaky)
            .ConfigureWorker(worker => worker.Queues = [Queues.Default])
            .Listen<NumberCounted>(_ => throw new InvalidOperationException("ran"), Durable("count", "mail")));

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        flaky.Announced.ShouldBe(1);
        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Ready);
    }

    [Fact]
    public async Task What_another_process_announces_is_fetched_without_a_poll()
    {
        var ran = Signal();
        var flaky = new FlakyStore(_store);
        await using var application = await Application.StartAsync(carillon => carillon
            .UseStore(_ => flaky)
            .ConfigureWorker(NeverPoll)
            .Listen<NumberCounted>(_ => ran.SetResult(), Durable("count", "mail")));
        await Waiting.UntilAsync(() => Task.FromResult(flaky.Wake is not null));
        await using (var other = await StartAsync(carillon => carillon.RunDeliveriesByHand().Listen<NumberCounted>(_ => { }, Durable("count", "mail"))))
        {
            await other.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        }

        flaky.Wake!();

        await ran.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);
    }

    [Theory]
    [InlineData("", "A call of ConfigureQueue has an empty queue.")]
    [InlineData("a b", "A call of ConfigureQueue has the queue 'a b'")]
    public async Task A_queue_that_cannot_have_its_name_stops_the_start(string queue, string message) =>
        (await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => StartAsync(carillon => carillon.ConfigureQueue(queue, _ => { }))))
            .Message.ShouldContain(message);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, -1)]
    public async Task Options_of_a_queue_that_cannot_be_stop_the_start(int maxConcurrency, int limit) =>
        (await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => StartAsync(carillon => carillon
            .ConfigureQueue("mail", queue => (queue.MaxConcurrency, queue.Limit) = (maxConcurrency, limit))))).Message.ShouldContain("of 'mail' is");

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void NeverPoll(WorkerOptions worker) => worker.PollInterval = TimeSpan.FromHours(1);

    private static Action<ListenOptions> Durable(string id, string? queue = null) => options =>
        (options.Delivery, options.Id, options.Queue) = (Delivery.Durable, id, queue);

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private Task<Application> StartAsync(Action<CarillonBuilder> configure) => Application.StartAsync(carillon => configure(carillon.UseStore(_ => _store)));

    private ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync() => _store.ListAsync(new DeliveryQuery(), TimeProvider.System.GetUtcNow(), Cancellation);
}

[Event("square.counted")]
internal sealed record SquareCounted(int Number);
