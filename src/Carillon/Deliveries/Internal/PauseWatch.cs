using System.Threading.Channels;
using Carillon.Diagnostics.Internal;
using Carillon.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Deliveries.Internal;

/// <summary>Which queues are paused: what other processes say of that is seen every poll interval, and when they announce something.</summary>
internal sealed class PauseWatch(
    StoreSlot store, DeliveriesInHand inHand, AttemptLoop attempts, TimeProvider time, IOptions<WorkerOptions> options, Loggers loggers)
{
    private readonly ILogger _logger = loggers.Worker;
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Lock _gate = new();

    // Under the gate.
    private int _changes;

    /// <summary>Time to look.</summary>
    internal void Look() => _signal.Writer.TryWrite(true);

    /// <summary>This process has paused a queue.</summary>
    internal void Pause(string queue) => Change(queue, isPaused: true);

    /// <summary>This process has resumed a queue.</summary>
    internal void Resume(string queue) => Change(queue, isPaused: false);

    internal async Task RunAsync(CancellationToken stop)
    {
        using var timer = time.CreateTimer(_ => Look(), null, options.Value.PollInterval, options.Value.PollInterval);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                // Not before it is known what is paused: what is handed over in memory asks the store for nothing.
                if (await ReadAsync(stop).ConfigureAwait(false))
                {
                    inHand.Claims.Open();
                }

                await _signal.Reader.ReadAsync(stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Nothing that a store throws may end the worker: the error is logged and the next tick comes.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.StoreUnavailable(_logger, "asked for paused queues", options.Value.PollInterval, exception);
                await Task.Delay(options.Value.PollInterval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>False if it has to be read again.</returns>
    private async ValueTask<bool> ReadAsync(CancellationToken stop)
    {
        var changes = Volatile.Read(ref _changes);
        var paused = await store.Required.ListPausedAsync(stop).ConfigureAwait(false);
        lock (_gate)
        {
            if (changes != _changes)
            {
                // What was read may be older than what this process has done meanwhile.
                Look();
                return false;
            }

            foreach (var lane in inHand.Lanes)
            {
                Set(lane, paused.Contains(lane.Queue));
            }
        }

        return true;
    }

    private void Change(string queue, bool isPaused)
    {
        lock (_gate)
        {
            _changes++;
            if (inHand.Find(queue) is { } lane)
            {
                Set(lane, isPaused);
            }
        }
    }

    private void Set(Lane lane, bool isPaused)
    {
        if (lane.IsPaused == isPaused)
        {
            return;
        }

        lane.IsPaused = isPaused;
        if (isPaused)
        {
            Log.QueuePaused(_logger, lane.Queue);
            // What waits here has not begun, and is not to.
            attempts.ReleaseWaiting(lane);
        }
        else
        {
            Log.QueueResumed(_logger, lane.Queue);
            lane.LookIntoStore();
        }
    }
}
