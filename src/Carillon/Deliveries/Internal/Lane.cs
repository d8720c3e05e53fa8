using System.Threading.Channels;

namespace Carillon.Deliveries.Internal;

/// <summary>
/// What this process has in hand of one queue: a bounded number, so that a busy process leaves work to others, and apart from those of other queues, so that one
/// that is full or slow holds up none of them.
/// </summary>
internal sealed class Lane
{
    // What is left in the store has to be fetched from it, and while that lasts all that comes is left there too: a burst that is over in a moment had better wait in memory.
    // But not if others could run it sooner. Before anything is known, somewhat more.
    private const int OwnBatches = 10;
    private const int OwnBatchesAtFirst = 3;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(200);

    private readonly Channel<HeldDelivery> _waiting = Channel.CreateUnbounded<HeldDelivery>();
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly int _enoughRoom;
    private int _room;
    private volatile int _roomForOwn;

    // While older deliveries wait in the store, new ones queue up behind them there instead of overtaking them in memory.
    private volatile bool _storeHasMore = true;
    private volatile bool _wantsRoom;
    private volatile bool _isPaused;

    internal Lane(LaneSettings settings)
    {
        Settings = settings;
        // What waits in memory counts against a limit too, and would keep other processes from it.
        _room = settings.Limit > 0 ? settings.MaxConcurrency : settings.BatchSize + Math.Max(settings.BatchSize, settings.MaxConcurrency);
        _roomForOwn = OwnBatchesAtFirst * settings.BatchSize;
        _enoughRoom = settings.Limit > 0 ? 1 : (settings.BatchSize + 1) / 2;
    }

    internal LaneSettings Settings { get; }

    internal string Queue => Settings.Queue;

    internal ChannelReader<HeldDelivery> Waiting => _waiting.Reader;

    /// <summary>Something may be waiting in the store. Many signals are one.</summary>
    internal ChannelReader<bool> Signal => _signal.Reader;

    internal bool IsPaused
    {
        get => _isPaused;
        set => _isPaused = value;
    }

    /// <summary>Whether what is left in the store would be fetched from here at once.</summary>
    internal bool HasRoom => !_isPaused && Volatile.Read(ref _room) > 0;

    /// <summary>Reserves room for a delivery that is about to be written; false if it should be left in the store.</summary>
    internal bool TryReserve()
    {
        if (_storeHasMore || _isPaused || Settings.Limit > 0)
        {
            return false;
        }

        if (Interlocked.Decrement(ref _room) >= -_roomForOwn)
        {
            return true;
        }

        Interlocked.Increment(ref _room);
        return false;
    }

    /// <summary>Reserves room for up to so many deliveries from the store.</summary>
    internal int ReserveUpTo(int count)
    {
        while (true)
        {
            var room = Volatile.Read(ref _room);
            var taken = Math.Min(count, Math.Max(room, 0));
            if (taken == 0 || Interlocked.CompareExchange(ref _room, room - taken, room) == room)
            {
                return taken;
            }
        }
    }

    /// <summary>One has gone that was in hand for so long: as long do those have to wait that come now.</summary>
    internal void Note(TimeSpan inHand) => _roomForOwn = inHand <= Moment ? OwnBatches * Settings.BatchSize : 0;

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

    /// <summary>Hands a delivery to the loops of this lane.</summary>
    /// <returns>False once the worker has stopped.</returns>
    internal bool TryAdd(HeldDelivery delivery) => _waiting.Writer.TryWrite(delivery);

    internal void CompleteWaiting() => _waiting.Writer.TryComplete();

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
}
