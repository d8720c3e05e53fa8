using Carillon.Events;
using Carillon.Names.Internal;

namespace Carillon.Listeners.Internal;

/// <summary>What a listener's pattern says.</summary>
internal static class ListenerPattern
{
    /// <summary>Says what is wrong with the pattern of the listener, or null if nothing is.</summary>
    internal static string? Fault(Listener listener) =>
        listener.Pattern is { } pattern && NamePattern.Fault(pattern) is { } fault
            ? $"The listener '{listener.Id}' of '{listener.EventType}' has the pattern '{pattern}', but {fault}. Give it one like 'user.*' or 'user.#'."
            : null;

    /// <summary>Whether typed events of this kind reach the listener.</summary>
    internal static bool Takes(Listener listener, EventType eventType) =>
        (listener.Pattern is null || NamePattern.Matches(listener.Pattern, eventType.Name))
        && ((listener.EventType == typeof(NamedEvent) && listener.Pattern is not null) || listener.EventType.IsAssignableFrom(eventType.Type));

    /// <summary>Adds those whose pattern stands for the event's name. Of a named event the payload is not known here: whoever may take it is among them.</summary>
    internal static void AddMatching(PatternTrie<PlacedListener> patterns, List<PlacedListener> found, EventType eventType)
    {
        var matching = new List<PlacedListener>();
        patterns.Find(eventType.Name, matching);
        if (Listeners.IsOfTheHost(eventType.Type))
        {
            matching.RemoveAll(placed => !AsksForTheHost(placed.Listener));
        }

        foreach (var placed in matching)
        {
            if (placed.Listener.EventType == typeof(NamedEvent)
                || eventType.Type == typeof(NamedEvent)
                || placed.Listener.EventType.IsAssignableFrom(eventType.Type))
            {
                found.Add(placed);
            }
        }
    }

    // Whoever hears a pattern of names means those of the application, unless his parameter says more.
    private static bool AsksForTheHost(Listener listener) =>
        !NamePattern.HasWildcard(listener.Pattern!) || (listener.EventType != typeof(NamedEvent) && listener.EventType != typeof(object));

    /// <summary>Whether it takes a named event as it is, whatever the payload.</summary>
    internal static bool WantsName(Listener listener) => listener.Pattern is null || listener.EventType == typeof(NamedEvent);
}
