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

    /// <summary>
    /// After which time the token of an attempt is cancelled and the attempt counts as failed, with a <see cref="TimeoutException"/>; a listener can have a time-out of
    /// its own. Not longer than the lease of its queue. Null, the default, for none.
    /// </summary>
    public TimeSpan? Timeout { get; set; }

    internal Dictionary<Type, RetryRule> Exceptions { get; } = [];

    internal Dictionary<string, RetryRule> Listeners { get; } = new(StringComparer.Ordinal);

    /// <summary>Has failures by exceptions of this type, and of types derived from it that have no rule of their own, tried again in another way.</summary>
    /// <typeparam name="TException">The type of exception.</typeparam>
    /// <param name="rule">How: <see cref="RetryRule.Never"/> for not at all. It wins over what is said of the listener. The last rule of a type counts.</param>
    public RetryOptions For<TException>(RetryRule rule)
        where TException : Exception
    {
        ArgumentNullException.ThrowIfNull(rule);
        Exceptions[typeof(TException)] = rule;
        return this;
    }

    /// <summary>Has failures of one listener tried again in another way.</summary>
    /// <param name="listenerId">The id of a durable listener; the host does not start if there is none with it.</param>
    /// <param name="rule">How. It wins over what the listener's own code says. The last rule of a listener counts.</param>
    public RetryOptions ForListener(string listenerId, RetryRule rule)
    {
        ArgumentException.ThrowIfNullOrEmpty(listenerId);
        ArgumentNullException.ThrowIfNull(rule);
        Listeners[listenerId] = rule;
        return this;
    }
}
