using System.Collections.Frozen;
using Carillon.Hosting.Internal;

namespace Carillon.Events.Internal;

/// <summary>Every event that is known by name, in both directions.</summary>
internal sealed class EventCatalog
{
    private readonly FrozenDictionary<Type, EventType> _byType;
    private readonly FrozenDictionary<string, EventType> _byName;

    public EventCatalog(CarillonSetup setup)
    {
        _byType = setup.EventTypes.ToFrozenDictionary(eventType => eventType.Type);
        // Start-up refuses two events with one name; until it has spoken, the first one stands.
        _byName = setup.EventTypes.DistinctBy(eventType => eventType.Name).ToFrozenDictionary(eventType => eventType.Name);
    }

    internal IEnumerable<string> Names => _byName.Keys;

    internal EventType? Find(Type type) => _byType.GetValueOrDefault(type);

    internal EventType? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The name of the event, or that of its type where it has none: for messages.</summary>
    internal string NameOf(Type type) => Find(type)?.Name ?? type.ToString();
}
