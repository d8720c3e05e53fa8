using Carillon.Events;

namespace Carillon.Listeners;

/// <summary>Knows which listeners an event has; never calls them.</summary>
/// <remarks>
/// The dispatcher asks once for each type of event and keeps the answer until <see cref="Changed"/> is raised. The built-in provider answers by
/// priority; further providers follow it in the order of their registration, each keeping its own order.
/// </remarks>
/// <threadsafety>Implementations must be safe for concurrent use.</threadsafety>
public interface IListenerProvider
{
    /// <summary>Raised after the answer for any type of event may have changed.</summary>
    event Action? Changed;

    /// <summary>The listeners of an event, in the order in which they are to be called.</summary>
    /// <param name="eventType">The exact run-time type of the event, and its name.</param>
    IEnumerable<Listener> GetListeners(EventType eventType);
}
