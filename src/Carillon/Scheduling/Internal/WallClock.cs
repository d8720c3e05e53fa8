namespace Carillon.Scheduling.Internal;

/// <summary>What the clocks on the wall of a zone mean. A time that they leave out is the moment right after the gap; one that they show twice is the first.</summary>
internal static class WallClock
{
    // No zone moves its clocks by more, and none twice in so short a time.
    private static readonly TimeSpan Around = TimeSpan.FromHours(26);

    internal static DateTimeOffset InstantOf(DateTime wall, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(wall))
        {
            return EndOfGap(wall, zone);
        }

        var offset = zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max() : zone.GetUtcOffset(wall);
        return new DateTimeOffset(wall, offset).ToUniversalTime();
    }

    // The first moment at which the clocks show that time or a later one: they show it never, and jump over it once.
    private static DateTimeOffset EndOfGap(DateTime wall, TimeZoneInfo zone)
    {
        var utc = DateTime.SpecifyKind(wall, DateTimeKind.Utc);
        var (before, after) = ((utc - Around).Ticks, (utc + Around).Ticks);
        while (after - before > 1)
        {
            var middle = before + ((after - before) / 2);
            var shown = middle + zone.GetUtcOffset(new DateTime(middle, DateTimeKind.Utc)).Ticks;
            (before, after) = shown < wall.Ticks ? (middle, after) : (before, middle);
        }

        return new DateTimeOffset(after, TimeSpan.Zero);
    }
}
