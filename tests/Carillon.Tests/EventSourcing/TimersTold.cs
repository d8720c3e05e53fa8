using System.Threading.Channels;
using Carillon.Testing;

namespace Carillon.Tests.EventSourcing;

/// <summary>A simulated clock that tells which delays begin, so that a test moves it only when somebody waits for it.</summary>
internal sealed class TimersTold(SimulatedTime inner) : TimeProvider
{
    private readonly Channel<TimeSpan> _set = Channel.CreateUnbounded<TimeSpan>();

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = inner.CreateTimer(callback, state, dueTime, period);
        if (period == Timeout.InfiniteTimeSpan)
        {
            _set.Writer.TryWrite(dueTime);
        }

        return timer;
    }

    /// <summary>The next delay that has begun, of those that the test is about. What goes off again and again is none.</summary>
    internal async Task<TimeSpan> NextAsync(Predicate<TimeSpan> isMeant, CancellationToken cancellationToken)
    {
        while (true)
        {
            var set = await _set.Reader.ReadAsync(cancellationToken);
            if (isMeant(set))
            {
                return set;
            }
        }
    }
}
