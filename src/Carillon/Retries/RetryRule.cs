namespace Carillon.Retries;

/// <summary>How failures of one kind, or of one listener, are tried again. What is not said is as in <see cref="RetryOptions"/>.</summary>
public sealed class RetryRule
{
    /// <summary>Not at all: the first such failure is the last attempt.</summary>
    public static RetryRule Never { get; } = new() { MaxAttempts = 1 };

    /// <summary>After which attempt the delivery is kept as failed, the first one included; from 1 to 1,000.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>The delay after the first attempt; it doubles from attempt to attempt.</summary>
    public TimeSpan? FirstDelay { get; init; }

    /// <summary>The longest delay. Unless it is said, it is never shorter than <see cref="FirstDelay"/>.</summary>
    public TimeSpan? MaxDelay { get; init; }

    /// <summary>By which share of itself a delay may be longer or shorter, from 0 to 1.</summary>
    public double? Jitter { get; init; }
}
