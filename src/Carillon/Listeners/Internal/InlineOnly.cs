namespace Carillon.Listeners.Internal;

/// <summary>What can be said only of a listener that runs inside the dispatch.</summary>
internal static class InlineOnly
{
    /// <summary>Says what is wrong with the listener, or null if nothing is.</summary>
    internal static string? Fault(Listener listener) =>
        listener.Delivery != Delivery.Inline && Describe(listener).Fault() is { } fault ? $"The listener '{listener.Id}' of '{listener.EventType}' {fault}" : null;

    private static InlineWords Describe(Listener listener) => new()
    {
        Kind = listener.Delivery.Words(),
        StopPropagation = listener.StopPropagation,
        Errors = listener.Errors == ListenerErrors.Throw ? null : listener.Errors.ToString(),
    };
}
