using System.Collections.Concurrent;
using System.Threading.Channels;
using Carillon.Hosting;
using Microsoft.Extensions.Options;

namespace Carillon.Deliveries.Internal;

/// <summary>The deliveries that this process holds leases of: a bounded number, so that a busy process leaves work to others.</summary>
internal sealed class DeliveriesInHand
{
    private readonly Channel<HeldDelivery> _waiting = Channel.CreateUnbounded<HeldDelivery>();
    private readonly ConcurrentDictionary<long, HeldDelivery> _held = new();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TimeProvider _time;
    private readonly TimeSpan _leaseDuration;
    private readonly int _enoughRoom;
    private int _room;

    // While older deliveries wait in the store, new ones queue up behind them there instead of overtaking them in memory.
    private volatile bool _storeHasMore = true;
    private volatile bool _wantsRoom;
    private volatile bool _isOpen;

    public DeliveriesInHand(IOptions<WorkerOptions> options, TimeProvider time)
    {
        _time = time;
        _leaseDuration = options.Value.LeaseDuration;
        _room = options.Value.BatchSize + Math.Max(options.Value.BatchSize, options.Value.MaxConcurrency);
        _enoughRoom = (options.Value.BatchSize + 1) / 2;
        Owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7(time.GetUtcNow()):N}";
    }

    /// <summary>This worker, as leases name it: machine, process and a part that no restart repeats.</summary>
    internal string Owner { get; }

    internal ChannelReader<HeldDelivery> Waiting => _waiting.Reader;

    /// <summary>Something may be waiting in the store. Many signals are one.</summary>
    internal ChannelReader<bool> Signal => _signal.Reader;

    internal ICollection<HeldDelivery> Held => _held.Values;

    internal DeliveryLease NewLease() => new(Owner, _time.GetUtcNow() + _leaseDuration);

    internal bool HasEnded(DeliveryLease lease) => lease.Until <= _time.GetUtcNow();

    internal void Open() => _isOpen = true;

    internal void Close() => _isOpen = false;

    internal void CompleteWaiting() => _waiting.Writer.TryComplete();

    /// <summary>Reserves room for deliveries that are about to be written; null if they should be left in the store.</summary>
    internal DeliveryLease? TryReserve(int count) =>
        _isOpen && !_storeHasMore && Reserve(count, allOrNothing: true) > 0 ? NewLease() : null;

    /// <summary>Reserves room for up to so many deliveries from the store.</summary>
    internal int ReserveUpTo(int count) => Reserve(count, allOrNothing: false);

    /// <summary>Gives room back that was reserved or held.</summary>
    internal void Free(int count)
    {
        var room = Interlocked.Add(ref _room, count);
        if (_wantsRoom && room >= _enoughRoom)
        {
            _wantsRoom = false;
            Poll();
        }
    }

    internal void Add(HeldDelivery delivery)
    {
        _held[delivery.Delivery.Id] = delivery;
        // Refused once the worker has stopped: the lease ends by itself and another worker finds the delivery.
        if (!_waiting.Writer.TryWrite(delivery))
        {
            Remove(delivery);
        }
    }

    internal void Remove(HeldDelivery delivery)
    {
        _held.TryRemove(KeyValuePair.Create(delivery.Delivery.Id, delivery));
        Free(1);
    }

    /// <summary>Something was left in the store, or may have been.</summary>
    internal void LookIntoStore()
    {
        _storeHasMore = true;
        Poll();
    }

    /// <summary>Time to ask the store.</summary>
    internal void Poll() => _signal.Writer.TryWrite(true);

    /// <summary>The store had less than was asked for.</summary>
    internal void StoreIsEmpty() => _storeHasMore = false;

    internal void WaitForRoom()
    {
        _wantsRoom = true;
        // Room may have come free between the failed reservation and the line above.
        if (Volatile.Read(ref _room) >= _enoughRoom)
        {
            _wantsRoom = false;
            Poll();
        }
    }

    private int Reserve(int count, bool allOrNothing)
    {
        while (true)
        {
            var room = Volatile.Read(ref _room);
            var taken = room >= count ? count : allOrNothing ? 0 : Math.Max(room, 0);
            if (taken == 0 || Interlocked.CompareExchange(ref _room, room - taken, room) == room)
            {
                return taken;
            }
        }
    }
}
