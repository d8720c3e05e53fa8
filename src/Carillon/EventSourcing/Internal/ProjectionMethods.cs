using Carillon.Envelopes;
using Carillon.Events;
using Carillon.Listeners;
using Carillon.Listeners.Internal;

namespace Carillon.EventSourcing.Internal;

/// <summary>Which methods of a projection take a stored event, by the name under which it was stored: looked for once for each name.</summary>
/// <threadsafety>Belongs to one runner.</threadsafety>
internal sealed class ProjectionMethods(ProjectionSetup projection, EventReading reading)
{
    private readonly Dictionary<string, Methods> _byName = new(StringComparer.Ordinal);

    // Events of one kind often follow each other.
    private string _lastName = string.Empty;
    private Methods _last;

    internal Methods For(string eventName)
    {
        if (eventName == _lastName)
        {
            return _last;
        }

        if (!_byName.TryGetValue(eventName, out var methods))
        {
            var eventType = reading.Find(eventName);
            methods = new Methods(
                eventType,
                eventType is null
                    ? []
                    : [.. projection.Listeners.Where(listener => ListenerPattern.Takes(listener, eventType)).OrderByDescending(listener => listener.Priority)]);
            _byName.Add(eventName, methods);
        }

        (_lastName, _last) = (eventName, methods);
        return methods;
    }

    /// <summary>Whether nobody has to wait for another release to read the event.</summary>
    internal bool Knows(Envelope envelope) => For(envelope.EventName).EventType is { } eventType && envelope.EventVersion <= eventType.Version;

    /// <summary>What is known of an event.</summary>
    /// <param name="EventType">Its type; null if it has none here.</param>
    /// <param name="Listeners">Those that take it, in the order in which they are called.</param>
    internal readonly record struct Methods(EventType? EventType, Listener[] Listeners);
}
