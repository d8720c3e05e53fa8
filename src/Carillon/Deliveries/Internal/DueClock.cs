using System.Threading.Channels;
using Carillon.Diagnostics.Internal;
using Carillon.Hosting;
using Carillon.Retries;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Carillon.Deliveries.Internal;

/// <summary>Has the lanes ask the store every poll interval, and when the next delivery falls due before that.</summary>
internal sealed class DueClock(
    StoreSlot store, DeliveriesInHand inHand, TimeProvider time, IOptions<WorkerOptions> options, JitterSource jitter, Loggers loggers) : IDisposable
{
    private readonly ILogger _logger = loggers.Worker;
    private readonly BackOff _backOff = BackOff.OfStore(jitter);
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();

    // Under the gate.
    private DateTimeOffset? _seenUpTo;
    private DateTimeOffset _wakeAt = DateTimeOffset.MaxValue;
    private ITimer? _due;

    /// <summary>A lane has fetched what was due at this time: what comes next?</summary>
    internal void Ask(DateTimeOffset seenUpTo)
    {
        lock (_gate)
        {
            _seenUpTo = _seenUpTo < seenUpTo ? _seenUpTo : seenUpTo;
        }

        _asked.Writer.TryWrite(true);
    }

    /// <summary>Something falls due at this time. What is due before the next poll starts on time; anything later is seen by a poll.</summary>
    internal void Note(DateTimeOffset due)
    {
        lock (_gate)
        {
            var wait = due - time.GetUtcNow();
            if (wait >= options.Value.PollInterval || due >= _wakeAt)
            {
                return;
            }

            _wakeAt = due;
            _due ??= time.CreateTimer(static clock => ((DueClock)clock!).GoOff(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _due.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    internal async Task RunAsync(CancellationToken stop)
    {
        var poll = options.Value.PollInterval;
        using var timer = time.CreateTimer(_ => inHand.Poll(), null, poll, poll);
        for (var failures = 0; ;)
        {
            try
            {
                await _asked.Reader.ReadAsync(stop).ConfigureAwait(false);
                // What was due already and could not be leased waits for something other than the clock.
                if (await store.Required.GetNextDueAsync(TakeSeen(), stop).ConfigureAwait(false) is { } due)
                {
                    Note(due);
                }

                failures = 0;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Nothing that a store throws may end the worker: the error is logged, and the next poll asks again.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                var delay = _backOff.After(++failures);
                Log.StoreUnavailable(_logger, "asked for the next due delivery", delay, exception);
                await Task.Delay(delay, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public void Dispose() => _due?.Dispose();

    private DateTimeOffset TakeSeen()
    {
        lock (_gate)
        {
            var seen = _seenUpTo ?? time.GetUtcNow();
            _seenUpTo = null;
            return seen;
        }
    }

    private void GoOff()
    {
        lock (_gate)
        {
            _wakeAt = DateTimeOffset.MaxValue;
        }

        inHand.Poll();
    }
}
