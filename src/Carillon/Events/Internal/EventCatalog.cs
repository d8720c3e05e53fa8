using Carillon.Hosting.Internal;

namespace Carillon.Events.Internal;

/// <summary>Every event that is known by name, in both directions. Complete, and never changed, once the application is built.</summary>
internal sealed class EventCatalog
{
    private readonly Dictionary<Type, EventType> _byType = [];
    private readonly Dictionary<string, EventType> _byName = [];

    internal EventCatalog(CarillonSetup setup)
    {
        foreach (var eventType in setup.AllEventTypes().Concat(setup.OwnEvents))
        {
            // Start-up refuses two events with one name, and manifests agree on an event; until start-up has spoken, the first one stands.
            _byType.TryAdd(eventType.Type, eventType);
            _byName.TryAdd(eventType.Name, eventType);
        }
    }

    internal IEnumerable<string> Names => _byName.Keys;

    internal EventType? Find(Type type) => _byType.GetValueOrDefault(type);

    internal EventType? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The name of the event, or that of its type where it has none: for messages.</summary>
    internal string NameOf(Type type) => Find(type)?.Name ?? type.ToString();
}
