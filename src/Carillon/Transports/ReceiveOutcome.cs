namespace Carillon.Transports;

/// <summary>How receiving an event has ended.</summary>
public readonly record struct ReceiveOutcome
{
    private ReceiveOutcome(ReceiveAction action, TimeSpan delay, string? reason)
    {
        Action = action;
        Delay = delay;
        Reason = reason;
    }

    /// <summary>The event is done.</summary>
    public static ReceiveOutcome Acknowledged => default;

    /// <summary>The event was not finished, through no fault of its own.</summary>
    public static ReceiveOutcome Returned => new(ReceiveAction.Return, TimeSpan.Zero, reason: null);

    /// <summary>What the transport is to do.</summary>
    public ReceiveAction Action { get; }

    /// <summary>How long to wait, for <see cref="ReceiveAction.Retry"/>; zero for at once.</summary>
    public TimeSpan Delay { get; }

    /// <summary>Why; null for an event that is done or comes back. At most 4,000 characters.</summary>
    public string? Reason { get; }

    /// <summary>The event comes again after a while.</summary>
    /// <param name="delay">How long to wait; zero for at once.</param>
    /// <param name="reason">Why.</param>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    public static ReceiveOutcome RetryAfter(TimeSpan delay, string reason)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return new ReceiveOutcome(ReceiveAction.Retry, delay, Shorten(reason));
    }

    /// <summary>The event is given up.</summary>
    /// <param name="reason">Why.</param>
    public static ReceiveOutcome DeadLetter(string reason) => new(ReceiveAction.DeadLetter, TimeSpan.Zero, Shorten(reason));

    /// <summary>Nobody here knows the name of the event.</summary>
    /// <param name="reason">What to do about it.</param>
    public static ReceiveOutcome Parked(string reason) => new(ReceiveAction.Park, TimeSpan.Zero, Shorten(reason));

    // A header of a message carries it: what comes out of an exception has any length.
    private static string Shorten(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        const int most = 4000;
        return reason.Length <= most ? reason : reason[..(char.IsHighSurrogate(reason[most - 1]) ? most - 1 : most)];
    }
}
