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

    /// <summary>Time to look.</summary>
    internal void Look() => _signal.Writer.TryWrite(true);

    internal void Pause(string queue)
    {
        if (inHand.Find(queue) is { IsPaused: false } lane)
        {
            lane.IsPaused = true;
            // What waits here has not begun, and is not to.
            attempts.ReleaseWaiting(lane);
        }
    }

    internal void Resume(string queue)
    {
        if (inHand.Find(queue) is { IsPaused: true } lane)
        {
            lane.IsPaused = false;
            lane.LookIntoStore();
        }
    }

    internal async Task RunAsync(CancellationToken stop)
    {
        using var timer = time.CreateTimer(_ => Look(), null, options.Value.PollInterval, options.Value.PollInterval);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(stop).ConfigureAwait(false);
                // Not before it is known what is paused: what is handed over in memory asks the store for nothing.
                inHand.Claims.Open();
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

    private async ValueTask ReadAsync(CancellationToken stop)
    {
        var paused = await store.Required.ListPausedAsync(stop).ConfigureAwait(false);
        foreach (var lane in inHand.Lanes)
        {
            if (paused.Contains(lane.Queue))
            {
                Pause(lane.Queue);
            }
            else
            {
                Resume(lane.Queue);
            }
        }
    }
}
