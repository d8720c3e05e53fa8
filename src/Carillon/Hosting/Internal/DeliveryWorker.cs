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
    LeaseKeeper leaseKeeper,
    Sweeper sweeper,
    AttemptLoop attempts,
    SettlementWriter settlements,
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
    private Task _fetching = Task.CompletedTask;
    private Task _keeping = Task.CompletedTask;
    private Task _running = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;

    internal void Start()
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        var durable = listeners.All.Count(listener => listener.Delivery == Delivery.Durable);
        Log.WorkerStarted(_logger, durable, options.Value.MaxConcurrency, store.Required.Description);
        _writing = Task.Run(() => settlements.RunAsync(_stopWriting.Token), CancellationToken.None);
        _keeping = leaseKeeper.RunAsync(_stopKeeping.Token);
        _running = Task.WhenAll(Enumerable.Range(0, options.Value.MaxConcurrency).Select(_ => Task.Run(attempts.RunAsync, CancellationToken.None)));
        _fetching = Task.WhenAll(
            Task.Run(() => leaser.RunAsync(_stopFetching.Token), CancellationToken.None),
            Task.Run(() => sweeper.RunAsync(_stopFetching.Token), CancellationToken.None));
        inHand.Open();
    }

    /// <summary>Takes nothing new, waits for what runs, cancels what does not end in time, and writes down every outcome.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        inHand.Close();
        await _stopFetching.CancelAsync().ConfigureAwait(false);
        await _fetching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DrainAsync(cancellationToken).ConfigureAwait(false);
        await WriteOutcomesAsync().ConfigureAwait(false);
        await _stopKeeping.CancelAsync().ConfigureAwait(false);
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _stopFetching.Dispose();
        _stopKeeping.Dispose();
        _stopWriting.Dispose();
    }

    private async Task DrainAsync(CancellationToken hurry)
    {
        attempts.Drain();
        if (attempts.Running.Count > 0)
        {
            Log.Draining(_logger, attempts.Running.Count, options.Value.DrainTimeout);
        }

        await WaitAsync(_running, options.Value.DrainTimeout, hurry).ConfigureAwait(false);
        if (_running.IsCompleted)
        {
            return;
        }

        attempts.CancelRunning();
        await GraceAsync(_running).ConfigureAwait(false);
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
