using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Hosting;
using Carillon.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Tests.Hosting;

public sealed class DeliveryWorkerTests
{
    private readonly InMemoryDeliveryStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_delivery_starts_at_once_without_waiting_for_a_poll()
    {
        var ran = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(NeverPoll)
            .Listen<NumberCounted>(e => ran.SetResult(e.Number), Durable));

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        (await ran.Task.WaitAsync(Cancellation)).ShouldBe(7);
    }

    [Fact]
    public async Task What_was_stored_before_the_start_runs_after_it()
    {
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var application = await StartAsync(carillon => carillon
            .RunDeliveriesByHand().Listen<NumberCounted>(_ => { }, Durable)))
        {
            await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        }

        await using var restarted = await StartAsync(carillon => carillon.ConfigureWorker(NeverPoll).Listen<NumberCounted>(_ => ran.SetResult(), Durable));

        await ran.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Ten_thousand_deliveries_all_complete_although_far_fewer_fit_in_memory()
    {
        const int Count = 10_000;
        var sum = 0L;
        var left = Count;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(NeverPoll)
            .Listen<NumberCounted>(
                e =>
                {
                    Interlocked.Add(ref sum, e.Number);
                    if (Interlocked.Decrement(ref left) == 0)
                    {
                        done.SetResult();
                    }
                },
                Durable));

        for (var number = 1; number <= Count; number++)
        {
            await application.Events.DispatchAsync(new NumberCounted(number), Cancellation);
        }

        await done.Task.WaitAsync(Cancellation);
        await application.StopAsync();
        sum.ShouldBe((long)Count * (Count + 1) / 2);
        (await CountAsync()).ShouldBeEmpty();
    }

    [Fact] // A cancelled attempt at shutdown is not counted as a failure; conformance 360
    public async Task A_stop_cancels_what_does_not_end_in_time_and_the_attempt_does_not_count()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => worker.DrainTimeout = TimeSpan.Zero)
            .Listen<NumberCounted>(
                async (NumberCounted _, CancellationToken token) =>
                {
                    started.SetResult();
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                },
                Durable));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await started.Task.WaitAsync(Cancellation);

        await application.StopAsync();

        var released = (await ListAsync()).ShouldHaveSingleItem();
        released.State.ShouldBe(DeliveryState.Ready);
        released.Attempts.ShouldBe(0);
        application.Log.Entries.ShouldContain(entry => entry.Id == 203);
    }

    [Fact]
    public async Task A_stop_waits_for_running_listeners_and_writes_down_that_they_ended()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await StartAsync(carillon => carillon
            .Listen<NumberCounted>(
                async (NumberCounted _, CancellationToken _) =>
                {
                    started.SetResult();
                    await finish.Task;
                },
                Durable));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await started.Task.WaitAsync(Cancellation);

        var stopping = application.StopAsync();
        stopping.IsCompleted.ShouldBeFalse();
        finish.SetResult();
        await stopping;

        (await CountAsync()).ShouldBeEmpty();
    }

    [Fact] // Conformance 361
    public async Task A_listener_that_ignores_its_token_is_named_when_the_process_ends()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource();
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => worker.DrainTimeout = TimeSpan.Zero)
            .Listen<NumberCounted>(
                async (NumberCounted _, CancellationToken _) =>
                {
                    started.SetResult();
                    await never.Task;
                },
                Durable));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await started.Task.WaitAsync(Cancellation);

        await application.StopAsync();

        application.Log.Entries.ShouldContain(entry => entry.Id == 204 && entry.Message.Contains("durable"));
        never.SetResult();
    }

    [Fact] // Conformance 357
    public async Task The_lease_of_a_long_attempt_is_extended_so_that_nobody_else_takes_it()
    {
        var time = new SimulatedTime();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await StartAsync(carillon => carillon
            .UseSimulatedTime(time)
            .ConfigureWorker(worker => worker.LeaseDuration = TimeSpan.FromSeconds(30))
            .Listen<NumberCounted>(
                async (NumberCounted _, CancellationToken _) =>
                {
                    started.SetResult();
                    await finish.Task;
                },
                Durable));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await started.Task.WaitAsync(Cancellation);

        for (var tick = 0; tick < 6; tick++)
        {
            var before = (await ListAsync(time)).ShouldHaveSingleItem().DueAt;
            time.Advance(TimeSpan.FromSeconds(10));
            await Waiting.UntilAsync(async () => (await ListAsync(time)).Single().DueAt > before);
        }

        (await _store.LeaseAsync(new LeaseRequest(new DeliveryLease("other", time.GetUtcNow().AddMinutes(1)), time.GetUtcNow(), 10), Cancellation)).ShouldBeEmpty();
        finish.SetResult();
    }

    [Fact] // Conformance 295, 327: fencing
    public async Task An_attempt_whose_lease_was_taken_over_is_cancelled_and_its_outcome_does_not_count()
    {
        var time = new SimulatedTime();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await StartAsync(carillon => carillon
            .UseSimulatedTime(time)
            .Listen<NumberCounted>(
                async (NumberCounted _, CancellationToken token) =>
                {
                    started.TrySetResult();
                    await using var registration = token.Register(() => cancelled.TrySetResult());
                    await cancelled.Task;
                },
                Durable));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await started.Task.WaitAsync(Cancellation);

        // Another worker, whose clock runs ahead, finds the lease ended.
        var later = time.GetUtcNow().AddMinutes(5);
        var taken = await _store.LeaseAsync(new LeaseRequest(new DeliveryLease("other", later.AddMinutes(5)), later, 10), Cancellation);
        taken.ShouldHaveSingleItem().Attempt.ShouldBe(2);
        time.Advance(TimeSpan.FromSeconds(10));
        await cancelled.Task.WaitAsync(Cancellation);
        await application.StopAsync();

        var leased = (await ListAsync(time)).ShouldHaveSingleItem();
        leased.State.ShouldBe(DeliveryState.Leased);
        leased.Owner.ShouldBe("other");
        application.Log.Entries.ShouldContain(entry => entry.Id == 104);
    }

    [Fact]
    public async Task Completed_deliveries_are_kept_as_long_as_asked()
    {
        var time = new SimulatedTime();
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await StartAsync(carillon => carillon
            .UseSimulatedTime(time)
            .ConfigureWorker(worker => worker.KeepCompleted = TimeSpan.FromMinutes(10))
            .Listen<NumberCounted>(_ => ran.SetResult(), Durable));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await ran.Task.WaitAsync(Cancellation);

        await Waiting.UntilAsync(async () => (await ListAsync(time)).Single().State == DeliveryState.Completed);
        time.Advance(TimeSpan.FromMinutes(9));
        (await ListAsync(time)).Count.ShouldBe(1);
        await Waiting.UntilAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(30));
            return (await ListAsync(time)).Count == 0;
        });
    }

    [Fact] // Conformance 365
    public async Task A_store_that_was_away_is_tried_again_and_outcomes_are_stored_when_it_is_back()
    {
        var time = new SimulatedTime();
        var flaky = new FlakyStore(_store);
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var application = await Application.StartAsync(carillon => carillon
            .UseStore(_ => flaky)
            .UseSimulatedTime(time)
            .Listen<NumberCounted>(
                _ =>
                {
                    flaky.IsAway = true;
                    ran.SetResult();
                },
                Durable));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await ran.Task.WaitAsync(Cancellation);
        await flaky.RefusedToSettle.Task.WaitAsync(Cancellation);

        flaky.IsAway = false;
        await Waiting.UntilAsync(async () =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return (await ListAsync(time)).Count == 0;
        });

        application.Log.Entries.ShouldContain(entry => entry.Id == 201);
    }

    [Fact]
    public async Task A_host_that_is_disposed_without_a_stop_cancels_what_runs()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(
            async (_, token) =>
            {
                await using var registration = token.Register(cancelled.SetResult);
                started.SetResult();
                await cancelled.Task;
            },
            Durable));
        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);
        await started.Task.WaitAsync(Cancellation);

        application.DisposeWithoutStop();

        await cancelled.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task A_disabled_worker_runs_nothing()
    {
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => worker.Enabled = false)
            .Listen<NumberCounted>(_ => { }, Durable));

        await application.Events.DispatchAsync(new NumberCounted(7), Cancellation);

        (await CountAsync())[DeliveryState.Ready].ShouldBe(1);
    }

    private static void Durable(Carillon.Listeners.ListenOptions options) => (options.Delivery, options.Id) = (Delivery.Durable, "durable");

    private static void NeverPoll(WorkerOptions worker) => worker.PollInterval = TimeSpan.FromHours(1);

    private Task<Application> StartAsync(Action<CarillonBuilder> configure) =>
        Application.StartAsync(carillon => configure(carillon.UseStore(_ => _store)));

    private ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync() => _store.CountAsync(TimeProvider.System.GetUtcNow(), Cancellation);

    private ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(TimeProvider? time = null) =>
        _store.ListAsync(new DeliveryQuery(), (time ?? TimeProvider.System).GetUtcNow(), Cancellation);
}
