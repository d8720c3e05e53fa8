namespace Carillon.Listeners.Internal;

/// <summary>How often a listener is tried can be said of durable ones only. This file is compiled into the analyzers too.</summary>
internal static class AttemptsRule
{
    /// <summary>Completes a sentence that begins with the number that was said; null if nothing is wrong.</summary>
    internal static string? Fault(int maxAttempts, bool isDurable) =>
        maxAttempts < 0 ? $"is {maxAttempts}; say 1 or more, or 0 for the number in the retry options."
        : maxAttempts == 0 || isDurable ? null
        : $"is {maxAttempts}, but it is not durable, so it is never tried again. Take MaxAttempts away, or make it durable.";
}
