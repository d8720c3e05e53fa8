namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>How long to wait before the broker is tried again: soon at first, and never longer than an operator's patience.</summary>
internal static class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <param name="failures">How often it has failed in a row, from 1.</param>
    internal static TimeSpan After(int failures) => failures > 7 ? Longest : TimeSpan.FromTicks(Math.Min(First.Ticks << (failures - 1), Longest.Ticks));
}
