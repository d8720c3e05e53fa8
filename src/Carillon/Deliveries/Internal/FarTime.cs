namespace Carillon.Deliveries.Internal;

/// <summary>Times that are said as a while from now: a while without end, <see cref="TimeSpan.MaxValue"/>, leads to the end of time and not beyond it.</summary>
internal static class FarTime
{
    internal static DateTimeOffset After(this DateTimeOffset time, TimeSpan wait) =>
        wait < DateTimeOffset.MaxValue - time ? time + wait : DateTimeOffset.MaxValue;
}
