namespace Carillon.Scheduling.Internal;

/// <summary>Every so often, counted from one point in time, so that all processes agree without asking each other.</summary>
internal sealed class IntervalSchedule(TimeSpan interval) : ISchedule
{
    internal static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private static readonly long Zero = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public DateTimeOffset? Next(DateTimeOffset after)
    {
        // Rounds down, before the zero point as well as after it.
        var elapsed = after.UtcTicks - Zero;
        var steps = Math.DivRem(elapsed, interval.Ticks, out var rest);
        // Wider than the ticks of a time: the longest interval leads beyond them.
        var next = Zero + ((Int128)(rest < 0 ? steps : steps + 1) * interval.Ticks);
        return next > DateTime.MaxValue.Ticks ? null : new DateTimeOffset((long)next, TimeSpan.Zero);
    }

    public override string ToString() => $"every {interval:c}";
}
