namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>Times as they are stored: UTC in ticks of 100 ns since 1970, exact both ways and still readable in SQL.</summary>
internal static class UnixTicks
{
    internal static long From(DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    internal static DateTimeOffset ToTime(long ticks) => new(ticks + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero);
}
