namespace Carillon.Listeners.Internal;

/// <summary>What can be said only of a listener that runs inside the dispatch.</summary>
internal static class InlineOnly
{
    /// <summary>Says what is wrong with the listener, or null if nothing is.</summary>
    internal static string? Fault(Listener listener)
    {
        if (listener.Delivery == Delivery.Inline)
        {
            return null;
        }

        if (listener.StopPropagation)
        {
            return $"The listener '{listener.Id}' of '{listener.EventType}' stops propagation, but it is {Kind(listener)} and runs after the dispatch: there is "
                + "nothing left to stop. Take StopPropagation away, or make it inline.";
        }

        if (listener.Errors == ListenerErrors.Throw)
        {
            return null;
        }

        return listener.Delivery == Delivery.BeforeCommit
            ? $"The listener '{listener.Id}' of '{listener.EventType}' says Errors = {listener.Errors}, but it is before-commit: what it throws rolls the unit of work back. "
                + "Take Errors away, or make it inline or after-commit."
            : $"The listener '{listener.Id}' of '{listener.EventType}' says Errors = {listener.Errors}, but it is {Kind(listener)}: its exceptions never reach the "
            + "emitter and are logged anyway. Take Errors away, or make it inline.";
    }

    private static string Kind(Listener listener) => listener.Delivery.Words();
}
