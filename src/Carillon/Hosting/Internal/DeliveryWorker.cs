using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Listeners.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Hosting.Internal;

/// <summary>The worker of this process: leases deliveries, runs their listeners, settles them, and drains when the host stops.</summary>
internal sealed class DeliveryWorker(
    StoreSlot store,
    ListenerRegistry listeners,
    DeliveriesInHand inHand,
    Leaser leaser,
    DueClock clock,
    PauseWatch pauses,
    LeaseKeeper leaseKeeper,
    Sweeper sweeper,
    AttemptLoop attempts,
    SettlementWriter settlements,
    QueueGauges gauges,
    TimeProvider time,
    IOptions<WorkerOptions> options,
    Loggers loggers) : IDisposable
{
    private readonly ILogger _logger = loggers.Worker;

    // After their tokens were cancelled, listeners that honour them need a moment to say so.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopFetching = new();
    private readonly CancellationTokenSource _stopKeeping = new();
    private readonly CancellationTokenSource _stopWriting = new();
    private readonly Lock _gate = new();

    // Under the gate: lanes come while the application runs.
    private readonly List<Task> _fetching = [];
    private readonly List<Task> _running = [];
    private Task _keeping = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;
    private bool _isDisposed;

    internal void Start()
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        inHand.HasWorker = true;
        gauges.Start();
        WithoutFlow(StartLoops);
    }

    private void StartLoops()
    {
        var durable = listeners.Durable.Count(static listener => !listener.LeavesWithOutcome);
        Log.WorkerStarted(_logger, durable, inHand.Lanes.Sum(lane => lane.Settings.MaxConcurrency), store.Required.Description);
        _writing = Task.Run(() => settlements.RunAsync(_stopWriting.Token), CancellationToken.None);
        _keeping = leaseKeeper.RunAsync(_stopKeeping.Token);
        inHand.LaneAdded += StartLaneLater;
        foreach (var lane in inHand.Lanes)
        {
            StartLane(lane);
        }

        Fetch(clock.RunAsync);
        Fetch(pauses.RunAsync);
        Fetch(sweeper.RunAsync);
        Fetch(ListenAsync);
    }

    /// <summary>Takes nothing new, waits for what runs, cancels what does not end in time, and writes down every outcome.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        inHand.Claims.Close();
        inHand.LaneAdded -= StartLaneLater;
        await _stopFetching.CancelAsync().ConfigureAwait(false);
        // A claim on its way is carried out and cannot be cancelled, and on a connection that is dead it does not answer. What it brings later is given back, or its lease ends.
        await GraceAsync(Task.WhenAll(TasksOf(_fetching))).ConfigureAwait(false);
        // What was promised to this process and is being committed just now would wait until its lease ends.
        await GraceAsync(inHand.Claims.None).ConfigureAwait(false);
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        await WriteOutcomesAsync().ConfigureAwait(false);
        await _stopKeeping.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        inHand.HasWorker = false;
    }

    /// <summary>The loops that have thrown. Each of them bears whatever a store or a listener throws, so that this is a fault of the worker itself.</summary>
    internal IReadOnlyList<string> FindDead()
    {
        Task[] loops = [_keeping, _writing, .. TasksOf(_fetching), .. TasksOf(_running)];
        return [.. loops.Where(static loop => loop.IsFaulted).Select(static loop => $"A loop of the worker has ended: {loop.Exception!.GetBaseException().Message}")];
    }

    /// <summary>A host that is disposed of without being stopped must not go on leasing what it can run no more: its services are gone.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        inHand.Claims.Close();
        inHand.LaneAdded -= StartLaneLater;
        _stopFetching.Cancel();
        _stopWriting.Cancel();
        attempts.Drain();
        foreach (var running in attempts.Running)
        {
            running.Stop();
        }

        _stopKeeping.Cancel();
        _stopFetching.Dispose();
        _stopKeeping.Dispose();
        _stopWriting.Dispose();
    }

    private void StartLaneLater(Lane lane) => WithoutFlow(() => StartLane(lane));

    // What is started inside a trace, a transaction or a culture of somebody's own would go on in it for ever.
    private static void WithoutFlow(Action start)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            start();
            return;
        }

        using (ExecutionContext.SuppressFlow())
        {
            start();
        }
    }

    private void StartLane(Lane lane)
    {
        lock (_gate)
        {
            for (var loop = 0; loop < lane.Settings.MaxConcurrency; loop++)
            {
                _running.Add(Task.Run(() => attempts.RunAsync(lane), CancellationToken.None));
            }
        }

        Fetch(stop => leaser.RunAsync(lane, stop));
    }

    private void Fetch(Func<CancellationToken, Task> run)
    {
        lock (_gate)
        {
            _fetching.Add(Task.Run(() => run(_stopFetching.Token), CancellationToken.None));
        }
    }

    private Task[] TasksOf(List<Task> tasks)
    {
        lock (_gate)
        {
            return [.. tasks];
        }
    }

    // Polling goes on meanwhile, and is all there is with a store that cannot tell.
    private async Task ListenAsync(CancellationToken stop)
    {
        var listening = await BeginListeningAsync(stop).ConfigureAwait(false);
        if (listening is null)
        {
            return;
        }

        await using (listening.ConfigureAwait(false))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async ValueTask<IAsyncDisposable?> BeginListeningAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await store.Required.ListenAsync(Wake, stop).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Nothing that a store throws may end the worker.
            catch (Exception exception) when (!stop.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.StoreUnavailable(_logger, "began to listen to other processes", options.Value.PollInterval, exception);
                await Task.Delay(options.Value.PollInterval, time, stop).ConfigureAwait(false);
            }
        }
    }

    private void Wake()
    {
        inHand.Poll();
        pauses.Look();
    }

    private async Task DrainAsync(CancellationToken hurry)
    {
        attempts.Drain();
        if (attempts.Running.Count > 0)
        {
            Log.Draining(_logger, attempts.Running.Count, options.Value.DrainTimeout);
        }

        var running = Task.WhenAll(TasksOf(_running));
        await WaitAsync(running, options.Value.DrainTimeout, hurry).ConfigureAwait(false);
        if (running.IsCompleted)
        {
            return;
        }

        attempts.CancelRunning();
        await GraceAsync(running).ConfigureAwait(false);
        foreach (var stuck in attempts.Running)
        {
            Log.StuckAtStop(_logger, stuck.Delivery.ListenerId, stuck.Delivery.Envelope.EventName, stuck.Delivery.Envelope.Id);
        }
    }

    private async Task WriteOutcomesAsync()
    {
        settlements.Complete();
        await GraceAsync(_writing).ConfigureAwait(false);
        await _stopWriting.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WaitAsync(Task task, TimeSpan atMost, CancellationToken hurry) =>
        await task.WaitAsync(atMost, time, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    // In real time, whatever clock the application runs on, and not under the host's token, which may be over already: a process that ends has
    // this moment left to write down what became of its work.
    private static async Task GraceAsync(Task task)
    {
        using var grace = new CancellationTokenSource(Grace);
        await task.WaitAsync(grace.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
