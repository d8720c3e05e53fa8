namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>Times as they are stored: UTC in ticks of 100 ns since 1970, exact both ways and still readable in SQL.</summary>
internal static class UnixTicks
{
    internal static long From(DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    internal static long? From(DateTimeOffset? time) => time is { } value ? From(value) : null;

    internal static DateTimeOffset ToTime(long ticks) =>
        // What was changed by hand out of all bounds must not keep the other rows from being read.
        new(Math.Clamp(ticks, -DateTimeOffset.UnixEpoch.Ticks, DateTime.MaxValue.Ticks - DateTimeOffset.UnixEpoch.Ticks) + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero);
}
