using System.Collections.Concurrent;
using Carillon.Hosting;
using Carillon.Listeners.Internal;
using Microsoft.Extensions.Options;

namespace Carillon.Deliveries.Internal;

/// <summary>The deliveries that this process holds leases of, each in the lane of its queue.</summary>
internal sealed class DeliveriesInHand
{
    private readonly ConcurrentDictionary<long, HeldDelivery> _held = new();
    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private readonly IOptions<WorkerOptions> _worker;
    private readonly IOptionsMonitor<QueueOptions> _queues;
    private readonly Lane? _default;
    private readonly TimeProvider _time;

    public DeliveriesInHand(
        IOptions<WorkerOptions> worker, IOptionsMonitor<QueueOptions> queues, QueueNames configured, ListenerRegistry listeners, TimeProvider time)
    {
        _worker = worker;
        _queues = queues;
        _time = time;
        Owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7(time.GetUtcNow()):N}";
        foreach (var queue in listeners.Durable.Select(listener => listener.Queue ?? Queues.Default)
            .Concat(configured.All)
            .Append(Queues.Default))
        {
            FindOrAdd(queue);
        }

        _default = _lanes.GetValueOrDefault(Queues.Default);
    }

    /// <summary>A lane has come while the application runs, for a queue that nobody here has named.</summary>
    internal event Action<Lane>? LaneAdded;

    /// <summary>This worker, as leases name it: machine, process and a part that no restart repeats.</summary>
    internal string Owner { get; }

    internal ICollection<HeldDelivery> Held => _held.Values;

    internal ICollection<Lane> Lanes => _lanes.Values;

    internal TimeSpan ShortestLease => _lanes.Values.Select(lane => lane.Settings.LeaseDuration).Append(_worker.Value.LeaseDuration).Min();

    internal Claims Claims { get; } = new();

    /// <summary>Whether the worker of this process runs, which takes what is due.</summary>
    internal bool HasWorker { get; set; }

    /// <summary>The lane of a queue; null if this process does not work it off.</summary>
    internal Lane? Find(string queue) =>
        ReferenceEquals(queue, Queues.Default) ? _default : _lanes.GetValueOrDefault(queue);

    /// <summary>The same, made if there is none yet.</summary>
    internal Lane? FindOrAdd(string queue)
    {
        if (_lanes.TryGetValue(queue, out var lane) || _worker.Value.Queues is { } only && !only.Contains(queue, StringComparer.Ordinal))
        {
            return lane;
        }

        lane = new Lane(SettingsOf(queue));
        if (!_lanes.TryAdd(queue, lane))
        {
            return _lanes[queue];
        }

        LaneAdded?.Invoke(lane);
        return lane;
    }

    /// <summary>What is said of a queue, whether or not this process works it off.</summary>
    internal LaneSettings SettingsOf(string queue) => LaneSettings.Of(queue, _worker.Value, _queues.Get(queue));

    internal DeliveryLease NewLease(LaneSettings settings) => new(Owner, _time.GetUtcNow() + settings.LeaseDuration);

    internal bool HasEnded(DeliveryLease lease) => lease.Until <= _time.GetUtcNow();

    internal HeldDelivery? FindHeld(long id) => _held.GetValueOrDefault(id);

    /// <returns>False once the worker takes nothing new: it is in hand all the same, to be given back or removed.</returns>
    internal bool TryAdd(HeldDelivery delivery)
    {
        _held[delivery.Delivery.Id] = delivery;
        return delivery.Lane.TryAdd(delivery);
    }

    internal void Remove(HeldDelivery delivery)
    {
        _held.TryRemove(KeyValuePair.Create(delivery.Delivery.Id, delivery));
        delivery.Lane.Free(1);
    }

    /// <summary>Something was left in the store, or may have been, in whichever queue.</summary>
    internal void LookIntoStore()
    {
        foreach (var (_, lane) in _lanes)
        {
            lane.LookIntoStore();
        }
    }

    /// <summary>Time to ask the store for all queues.</summary>
    internal void Poll()
    {
        foreach (var (_, lane) in _lanes)
        {
            lane.Poll();
        }
    }
}
