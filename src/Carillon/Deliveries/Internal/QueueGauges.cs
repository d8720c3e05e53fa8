using System.Diagnostics.Metrics;
using Carillon.Diagnostics.Internal;

namespace Carillon.Deliveries.Internal;

/// <summary>What waits, by queue, for whoever collects it. Both gauges are read from one answer of the store.</summary>
internal sealed class QueueGauges(Instruments instruments, StoreSlot store, DeliveriesInHand inHand, TimeProvider time, Loggers loggers)
{
    private readonly Collected<Reading> _queues = new(
        async now => new Reading(
            now,
            (await store.Required.ListQueuesAsync(now, CancellationToken.None).ConfigureAwait(false)).ToDictionary(static queue => queue.Name, StringComparer.Ordinal)),
        "counted what waits",
        time,
        loggers.Worker);

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
        if (_queues.Read() is not { } reading)
        {
            yield break;
        }

        // A queue that is empty says so, and does not just fall silent.
        foreach (var queue in reading.Queues.Keys.Union(inHand.Lanes.Select(static lane => lane.Queue)))
        {
            yield return new Measurement<T>(value(reading.Queues.GetValueOrDefault(queue), reading.At), new KeyValuePair<string, object?>(Tags.Queue, queue));
        }
    }

    private sealed record Reading(DateTimeOffset At, Dictionary<string, QueueSnapshot> Queues);
}
