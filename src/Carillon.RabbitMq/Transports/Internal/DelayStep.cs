namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>One of the queues in which a subscription's events wait until they come again: for delays up to so many seconds.</summary>
/// <remarks>
/// A queue lets nobody out before the one in front, so that delays of any length in one queue would wait for the longest. Each power of two has a queue: what waits in one
/// comes after its own delay if it is alone, and never later than the queue's, which is at most twice as long.
/// </remarks>
internal readonly record struct DelayStep
{
    // 48 days: the broker counts milliseconds, in 32 bits.
    private const int Largest = 22;

    private DelayStep(int power) => Seconds = 1L << power;

    internal long Seconds { get; }

    internal TimeSpan Longest => TimeSpan.FromSeconds(Seconds);

    internal static IEnumerable<DelayStep> All => Enumerable.Range(0, Largest + 1).Select(static power => new DelayStep(power));

    /// <summary>The queue for a delay, and how long it is there: what is longer than the longest comes sooner.</summary>
    internal static (DelayStep Step, TimeSpan Delay) For(TimeSpan delay)
    {
        foreach (var step in All)
        {
            if (delay <= step.Longest)
            {
                return (step, delay);
            }
        }

        var last = new DelayStep(Largest);
        return (last, last.Longest);
    }
}
