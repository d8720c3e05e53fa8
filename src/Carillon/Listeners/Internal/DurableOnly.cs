namespace Carillon.Listeners.Internal;

/// <summary>What can be said of durable listeners only, and what of it contradicts itself.</summary>
internal static class DurableOnly
{
    /// <summary>Says what is wrong with the listener, or null if nothing is.</summary>
    internal static string? Fault(Listener listener) =>
        AttemptsRule.Fault(listener.MaxAttempts, listener.Delivery == Delivery.Durable) is { } wrong ? $"MaxAttempts of '{listener.Id}' {wrong}"
        : listener.SaysDurable && Describe(listener).Fault() is { } fault ? $"The listener '{listener.Id}' of '{listener.EventType}' {fault}"
        : null;

    private static DurableWords Describe(Listener listener) => new()
    {
        Kind = listener.Delivery.Words(),
        Queue = listener.Queue,
        TimeoutSeconds = listener.Timeout?.TotalSeconds,
        Transactional = listener.Transactional,
        Ordered = listener.Ordered,
        SkipsFailed = listener.SkipsFailed,
        MaxPerKey = listener.MaxPerKey,
        RememberSeconds = listener.Remember?.TotalSeconds,
        IsUnique = listener.Unique is not null,
        UntilDone = listener.Unique is { Until: UniqueUntil.Done, For: null },
        UniqueForSeconds = listener.Unique?.For?.TotalSeconds,
        Replaces = listener.Unique?.Replaces ?? false,
        MaxWaitSeconds = listener.Unique?.MaxWait?.TotalSeconds,
    };
}
