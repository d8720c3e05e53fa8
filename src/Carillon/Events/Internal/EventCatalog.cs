using Carillon.Hosting.Internal;

namespace Carillon.Events.Internal;

/// <summary>Every event that is known by name, in both directions.</summary>
internal sealed class EventCatalog
{
    // Not frozen: that takes milliseconds of every start to save nanoseconds of a delivery.
    private readonly Dictionary<Type, EventType> _byType = [];
    private readonly Dictionary<string, EventType> _byName = [];

    public EventCatalog(CarillonSetup setup)
    {
        foreach (var eventType in setup.EventTypes)
        {
            _byType.Add(eventType.Type, eventType);
            // Start-up refuses two events with one name; until it has spoken, the first one stands.
            _byName.TryAdd(eventType.Name, eventType);
        }
    }

    internal IEnumerable<string> Names => _byName.Keys;

    internal EventType? Find(Type type) => _byType.GetValueOrDefault(type);

    internal EventType? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The name of the event, or that of its type where it has none: for messages.</summary>
    internal string NameOf(Type type) => Find(type)?.Name ?? type.ToString();
}
