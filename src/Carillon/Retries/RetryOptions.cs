namespace Carillon.Retries;

/// <summary>When a durable listener that failed is tried again.</summary>
/// <remarks>The n-th delay is <c>FirstDelay × 2^(n-1)</c>, at most <see cref="MaxDelay"/>, made longer or shorter at random by <see cref="Jitter"/>.</remarks>
public sealed class RetryOptions
{
    internal const int DefaultMaxAttempts = 10;
    internal const int LargestMaxAttempts = 1000;
    internal const double DefaultJitter = 0.2;
    internal static readonly TimeSpan DefaultFirstDelay = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan DefaultMaxDelay = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How many attempts a delivery has, the first one included, before it is kept as failed; from 1 to 1,000. A listener can have a number of
    /// its own. Defaults to 10: with the default delays about nine minutes of trying.
    /// </summary>
    public int MaxAttempts { get; set; } = DefaultMaxAttempts;

    /// <summary>The delay before the second attempt; it doubles from attempt to attempt. Defaults to one second.</summary>
    public TimeSpan FirstDelay { get; set; } = DefaultFirstDelay;

    /// <summary>The longest delay. Defaults to ten minutes.</summary>
    public TimeSpan MaxDelay { get; set; } = DefaultMaxDelay;

    /// <summary>
    /// By which share of itself a delay may be longer or shorter, from 0 to 1, so that deliveries that failed together do not come again together.
    /// Defaults to 0.2.
    /// </summary>
    public double Jitter { get; set; } = DefaultJitter;

    /// <summary>
    /// Where jitter comes from: a number from 0 to less than 1 at each call, which may come from several threads, one after the other. Defaults to null: random numbers
    /// that no run repeats. For tests that do.
    /// </summary>
    public Func<double>? Random { get; set; }
}
