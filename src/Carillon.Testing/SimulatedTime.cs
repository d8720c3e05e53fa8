using Carillon.Testing.Internal;

namespace Carillon.Testing;

/// <summary>A clock that moves only when a test says so. Timers, delays and time-outs that were made from it go off as it passes them.</summary>
/// <remarks>
/// Give it to an application with <see cref="TestingCarillonBuilderExtensions.UseSimulatedTime"/>. Timers go off inside <see cref="Advance"/>, on the
/// thread of the test, in the order in which they are due; the clock shows the due time of each while it goes off.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class SimulatedTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<SimulatedTimer> _timers = [];
    private DateTimeOffset _now;

    /// <summary>Starts the clock.</summary>
    /// <param name="start">What it shows first (UTC). Defaults to noon on the first of January 2030.</param>
    public SimulatedTime(DateTimeOffset? start = null) => _now = start ?? new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new SimulatedTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock forward; what falls due on the way goes off on the way.</summary>
    /// <param name="by">How far; not negative.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        var target = GetUtcNow() + by;
        while (NextDueBy(target) is { } timer)
        {
            timer.GoOff();
        }

        lock (_gate)
        {
            // A timer on the way, or another thread, may have moved it further.
            _now = target > _now ? target : _now;
        }
    }

    internal void Schedule(SimulatedTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
            timer.Period = period > TimeSpan.Zero ? period : null;
            timer.DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : _now + dueTime;
            if (timer.DueAt is not null)
            {
                _timers.Add(timer);
            }
        }
    }

    private SimulatedTimer? NextDueBy(DateTimeOffset target)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.DueAt <= target).MinBy(timer => timer.DueAt);
            if (next is null)
            {
                return null;
            }

            // A timer that was made late goes off at once; the clock never runs backwards for it.
            _now = next.DueAt > _now ? next.DueAt.Value : _now;
            next.DueAt = next.Period is { } period ? _now + period : null;
            if (next.DueAt is null)
            {
                _timers.Remove(next);
            }

            return next;
        }
    }
}
