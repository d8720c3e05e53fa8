namespace Carillon.Listeners.Internal;

/// <summary>How often a listener is tried can be said of durable ones only.</summary>
internal static class AttemptsRule
{
    /// <summary>Says what is wrong with the listener, or null if nothing is.</summary>
    internal static string? Fault(Listener listener)
    {
        if (listener.MaxAttempts < 0)
        {
            return $"MaxAttempts of '{listener.Id}' is {listener.MaxAttempts}; say 1 or more, or 0 for the number in the retry options.";
        }

        return listener.MaxAttempts == 0 || listener.Delivery == Delivery.Durable
            ? null
            : $"MaxAttempts of '{listener.Id}' is {listener.MaxAttempts}, but it is not durable, so it is never tried again. Take MaxAttempts away, or make it durable.";
    }
}
