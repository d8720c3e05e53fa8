using Carillon.Deliveries;
using Carillon.Deliveries.InMemory;
using Carillon.Envelopes;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Carillon.Tests.Hosting;

/// <summary>Listeners, loggers and moments that a worker has to bear.</summary>
public sealed class WorkerUnderAttackTests
{
    private readonly InMemoryDeliveryStore _store = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_retry_comes_in_its_time_and_not_at_the_next_poll()
    {
        var retried = Signal();
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => worker.PollInterval = TimeSpan.FromHours(1))
            .ConfigureRetries(retries => retries.FirstDelay = TimeSpan.FromMilliseconds(10))
            .Listen<NumberCounted>(
                (_, context, _) =>
                {
                    if (context.Attempt == 1)
                    {
                        throw new InvalidOperationException("not yet");
                    }

                    retried.SetResult();
                    return ValueTask.CompletedTask;
                },
                Durable()));

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        await retried.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);
    }

    [Fact]
    public async Task A_callback_that_throws_on_cancellation_does_not_break_the_stop()
    {
        var started = new CountdownEvent(2);
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => worker.DrainTimeout = TimeSpan.Zero)
            .Listen<NumberCounted>(
                async (NumberCounted _, CancellationToken token) =>
                {
                    await using var registration = token.Register(() => throw new InvalidOperationException("callback"));
                    started.Signal();
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                },
                Durable()));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await application.Events.DispatchAsync(new NumberCounted(2), Cancellation);
        await Task.Run(() => started.Wait(Cancellation), Cancellation);

        await application.StopAsync();

        (await ListAsync()).ShouldAllBe(delivery => delivery.State == DeliveryState.Ready && delivery.Attempts == 0);
    }

    [Fact]
    public async Task What_waits_behind_a_stuck_listener_is_released_at_stop()
    {
        var first = Signal();
        var never = new TaskCompletionSource();
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => (worker.MaxConcurrency, worker.DrainTimeout) = (1, TimeSpan.Zero))
            .Listen<NumberCounted>(
                async (NumberCounted _, CancellationToken _) =>
                {
                    first.TrySetResult();
                    await never.Task;
                },
                Durable()));
        await application.Events.DispatchAsync(new NumberCounted(0), Cancellation);
        await first.Task.WaitAsync(Cancellation);
        for (var number = 1; number < 5; number++)
        {
            await application.Events.DispatchAsync(new NumberCounted(number), Cancellation);
        }

        await application.StopAsync();

        (await ListAsync()).Count(delivery => delivery.State == DeliveryState.Leased).ShouldBe(1);
        never.SetResult();
    }

    [Fact]
    public async Task A_delivery_that_a_killed_process_never_began_is_not_given_up()
    {
        var ran = Signal();
        await _store.AddAsync([HandedOverToAProcessThatDied()], Cancellation);

        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => ran.SetResult(), Durable(maxAttempts: 1)));

        await ran.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Cancellation);
    }

    [Fact]
    public async Task A_logger_that_throws_does_not_end_the_settling()
    {
        var flaky = new FlakyStore(_store);
        await using var application = await Application.StartAsync(
            carillon => carillon.UseStore(_ => flaky).Listen<NumberCounted>(e => flaky.IsAway = e.Number == 1, Durable()),
            services => services.AddSingleton<ILoggerProvider, ThrowingLogger>());
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await flaky.RefusedToSettle.Task.WaitAsync(Cancellation);

        flaky.IsAway = false;

        await Waiting.UntilAsync(async () => (await ListAsync()).Count == 0);
    }

    [Fact]
    public async Task A_cancelled_attempt_that_says_so_in_an_aggregate_does_not_count()
    {
        var started = Signal();
        await using var application = await StartAsync(carillon => carillon
            .ConfigureWorker(worker => worker.DrainTimeout = TimeSpan.Zero)
            .Listen<NumberCounted>(
                (NumberCounted _, CancellationToken token) =>
                {
                    started.SetResult();
                    Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).Wait(CancellationToken.None);
                    return Task.CompletedTask;
                },
                Durable(maxAttempts: 1)));
        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);
        await started.Task.WaitAsync(Cancellation);

        await application.StopAsync();

        (await ListAsync()).ShouldHaveSingleItem().State.ShouldBe(DeliveryState.Ready);
    }

    [Fact]
    public async Task An_exception_that_cannot_be_printed_is_kept_as_a_failure()
    {
        await using var application = await StartAsync(carillon => carillon.Listen<NumberCounted>(_ => throw new UnprintableException(), Durable(maxAttempts: 1)));

        await application.Events.DispatchAsync(new NumberCounted(1), Cancellation);

        await Waiting.UntilAsync(async () => (await ListAsync()).Single().State == DeliveryState.Failed);
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Action<ListenOptions> Durable(int maxAttempts = 0) => options =>
        (options.Delivery, options.Id, options.MaxAttempts) = (Delivery.Durable, "durable", maxAttempts);

    private static NewDelivery HandedOverToAProcessThatDied()
    {
        var now = TimeProvider.System.GetUtcNow();
        return new NewDelivery
        {
            ListenerId = "durable",
            DueAt = now,
            Lease = new DeliveryLease("dead", now.AddSeconds(-1)),
            Envelope = new Envelope
            {
                Id = Guid.CreateVersion7(now),
                EventName = "number.counted",
                Time = now,
                CorrelationId = "test",
                Payload = """{"number":1}"""u8.ToArray(),
            },
        };
    }

    private Task<Application> StartAsync(Action<CarillonBuilder> configure) => Application.StartAsync(carillon => configure(carillon.UseStore(_ => _store)));

    private ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync() =>
        _store.ListAsync(new DeliveryQuery(), TimeProvider.System.GetUtcNow(), Cancellation);

    private sealed class UnprintableException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");

        public override string ToString() => throw new InvalidOperationException("no text");
    }

    private sealed class ThrowingLogger : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 201)
            {
                throw new IOException("the disk of the log is full");
            }
        }

        public void Dispose()
        {
        }
    }
}
