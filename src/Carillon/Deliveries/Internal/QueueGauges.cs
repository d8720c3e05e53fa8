using System.Diagnostics.Metrics;
using Carillon.Diagnostics.Internal;
using Microsoft.Extensions.Logging;

namespace Carillon.Deliveries.Internal;

/// <summary>What waits, by queue, for whoever collects it. The store is asked only then, and never waited for.</summary>
/// <remarks>
/// An instrument is read on a thread of the reader's, which a slow store must not hold up: a store that answers later is seen by the next collection. Both gauges are
/// read from one answer.
/// </remarks>
internal sealed class QueueGauges(Instruments instruments, StoreSlot store, DeliveriesInHand inHand, TimeProvider time, Loggers loggers)
{
    // However often is collected, and by however many.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = loggers.Worker;
    private readonly Lock _gate = new();

    // Under the gate.
    private DateTimeOffset _askedAt = DateTimeOffset.MinValue;
    private bool _isAsking;
    private volatile Reading? _last;

    /// <summary>Called once, by a process that has a worker: of those that only dispatch there may be many.</summary>
    internal void Start()
    {
        instruments.ObserveInHand(ReadInHand);
        instruments.ObserveWaiting(() => Read(static (queue, _) => queue?.Waiting ?? 0));
        instruments.ObserveOldest(() => Read(static (queue, at) => queue?.OldestDueAt is { } due && due < at ? (at - due).TotalSeconds : 0));
    }

    private IEnumerable<Measurement<int>> ReadInHand()
    {
        var held = inHand.Held.GroupBy(static held => held.Lane.Queue).ToDictionary(static of => of.Key, static of => of.Count());
        foreach (var lane in inHand.Lanes)
        {
            yield return new Measurement<int>(held.GetValueOrDefault(lane.Queue), new KeyValuePair<string, object?>(Tags.Queue, lane.Queue));
        }
    }

    private IEnumerable<Measurement<T>> Read<T>(Func<QueueSnapshot?, DateTimeOffset, T> value)
        where T : struct
    {
        AskIfDue();
        if (_last is not { } reading)
        {
            yield break;
        }

        // A queue that is empty says so, and does not just fall silent.
        foreach (var queue in reading.Queues.Keys.Union(inHand.Lanes.Select(static lane => lane.Queue)))
        {
            yield return new Measurement<T>(value(reading.Queues.GetValueOrDefault(queue), reading.At), new KeyValuePair<string, object?>(Tags.Queue, queue));
        }
    }

    private void AskIfDue()
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_isAsking || (now - _askedAt).Duration() < Interval)
            {
                return;
            }

            _isAsking = true;
            _askedAt = now;
        }

        _ = AskAsync(now);
    }

    private async Task AskAsync(DateTimeOffset now)
    {
        try
        {
            var queues = await store.Required.ListQueuesAsync(now, CancellationToken.None).ConfigureAwait(false);
            _last = new Reading(now, queues.ToDictionary(static queue => queue.Name, StringComparer.Ordinal));
        }
#pragma warning disable CA1031 // Whatever a store throws: nothing is said then, rather than what is not true any more.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _last = null;
            Log.StoreUnavailable(_logger, "counted what waits", Interval, exception);
        }
        finally
        {
            lock (_gate)
            {
                _isAsking = false;
            }
        }
    }

    private sealed record Reading(DateTimeOffset At, Dictionary<string, QueueSnapshot> Queues);
}
