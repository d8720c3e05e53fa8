namespace Carillon.Retries;

/// <summary>How long to wait after an attempt: a pure rule, without a clock.</summary>
internal sealed class BackOff
{
    private readonly RetryOptions _options;
    private readonly Func<double> _random;

    /// <param name="options">The delays.</param>
    /// <param name="random">A number from 0 up to, but not including, 1.</param>
    internal BackOff(RetryOptions options, Func<double> random)
    {
        _options = options;
        _random = random;
    }

    /// <summary>How long to leave a store alone that does not answer.</summary>
    internal static BackOff OfStore(JitterSource jitter) =>
        new(new RetryOptions { FirstDelay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromSeconds(5) }, jitter.Next);

    /// <summary>The delay after the given attempt, counted from 1.</summary>
    internal TimeSpan After(int attempt)
    {
        // Beyond 2^40 first delays every maximum is reached; the cap keeps the power finite.
        var doublings = Math.Min(attempt - 1, 40);
        var delay = Math.Min(_options.FirstDelay.TotalSeconds * Math.Pow(2, doublings), _options.MaxDelay.TotalSeconds);
        var spread = 1 + (_options.Jitter * ((_random() * 2) - 1));
        return TimeSpan.FromSeconds(delay * spread);
    }
}
