using RabbitMQ.Client;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>Tells the broker what is done: many at once, and none later than a few milliseconds.</summary>
/// <threadsafety>Safe for concurrent use. What there is to say is said by one at a time, since the numbers must not overtake each other.</threadsafety>
internal sealed class Acknowledger : IAsyncDisposable
{
    private const int LargestBatch = 64;

    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(5);

    private readonly IChannel _channel;
    private readonly AckLedger _ledger;
    private readonly int _batch;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly List<ulong> _returned = [];
    private readonly List<ulong> _single = [];
    private readonly ITimer _timer;
    private readonly Action<Exception>? _whenFailed;
    private bool _isTimed;

    /// <param name="channel">Where the deliveries came from.</param>
    /// <param name="prefetch">How many the broker sends ahead.</param>
    /// <param name="time">By which time is waited.</param>
    /// <param name="whenFailed">Called when something could not be said: what was done on this channel counts for nothing any more.</param>
    internal Acknowledger(IChannel channel, int prefetch, TimeProvider time, Action<Exception>? whenFailed = null)
    {
        _channel = channel;
        _whenFailed = whenFailed;
        // With few on their way, the broker waits for each of them before it sends the next.
        _batch = Math.Clamp(prefetch / 4, 1, LargestBatch);
        _ledger = new AckLedger(_batch);
        _timer = time.CreateTimer(static state => ((Acknowledger)state!).TimeIsOver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal ValueTask DoneAsync(ulong number)
    {
        lock (_gate)
        {
            _ledger.Done(number);
            if (_ledger.Unsaid < _batch)
            {
                if (!_isTimed)
                {
                    _isTimed = true;
                    _timer.Change(Longest, Timeout.InfiniteTimeSpan);
                }

                return ValueTask.CompletedTask;
            }
        }

        return new(SayAsync(isTime: false));
    }

    internal ValueTask ReturnAsync(ulong number)
    {
        lock (_gate)
        {
            _ledger.Returned(number);
        }

        return new(SayAsync(isTime: false));
    }

    /// <summary>Says all that there is to say: first up to one that is not done, then what is done behind it.</summary>
    internal async Task FlushAsync()
    {
        await SayAsync(isTime: true).ConfigureAwait(false);
        await SayAsync(isTime: true).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void TimeIsOver()
    {
        lock (_gate)
        {
            _isTimed = false;
        }

        _ = SayAsync(isTime: true);
    }

    private async Task SayAsync(bool isTime)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            ulong upTo;
            lock (_gate)
            {
                upTo = _ledger.Take(isTime, _returned, _single);
                if (_ledger.Unsaid > 0 && !_isTimed)
                {
                    _isTimed = true;
                    _timer.Change(Longest, Timeout.InfiniteTimeSpan);
                }
            }

            foreach (var number in _returned)
            {
                await _channel.BasicNackAsync(number, multiple: false, requeue: true).ConfigureAwait(false);
            }

            if (upTo > 0)
            {
                await _channel.BasicAckAsync(upTo, multiple: true).ConfigureAwait(false);
            }

            foreach (var number in _single)
            {
                await _channel.BasicAckAsync(number, multiple: false).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // Whatever it is, whoever has handled an event cannot mend it: all that was not acknowledged comes again on another channel.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _whenFailed?.Invoke(exception);
        }
        finally
        {
            _returned.Clear();
            _single.Clear();
            _turn.Release();
        }
    }
}
