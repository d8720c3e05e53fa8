using Carillon.Events;

namespace Carillon.Listeners;

/// <summary>Answers which listeners an event has, from all providers. A singleton.</summary>
/// <remarks>No listener is made to answer, and an event or a listener that nobody knows is no error.</remarks>
/// <threadsafety>Safe for concurrent use. An answer is a snapshot: a listener that comes later does not change it.</threadsafety>
public interface IListenerDirectory
{
    /// <summary>The listeners of an event in the order in which a dispatch would call them, without those that are muted.</summary>
    /// <param name="eventType">The exact run-time type of the event, and its name.</param>
    IReadOnlyList<Listener> GetListeners(EventType eventType);

    /// <summary>The listeners of an event in the order in which a dispatch would call them, without those that are muted.</summary>
    /// <param name="eventType">The exact run-time type of the event.</param>
    IReadOnlyList<Listener> GetListeners(Type eventType);

    /// <summary>Whether anybody listens to events of exactly this type.</summary>
    bool HasListeners<TEvent>()
        where TEvent : notnull;

    /// <summary>The priority at which a listener hears events of exactly this type, or null if it does not.</summary>
    /// <param name="listenerId">The id of the listener.</param>
    int? FindPriority<TEvent>(string listenerId)
        where TEvent : notnull;
}
