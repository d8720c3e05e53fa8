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

        if (setup.HasFormerNames)
        {
            AddFormerNames();
        }
    }

    /// <summary>The names under which stored events are read, former ones included.</summary>
    internal IEnumerable<string> Names => _byName.Keys;

    internal EventType? Find(Type type) => _byType.GetValueOrDefault(type);

    /// <summary>The event that has the name, or had it before.</summary>
    internal EventType? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The name of the event, or that of its type where it has none: for messages.</summary>
    internal string NameOf(Type type) => Find(type)?.Name ?? type.ToString();

    // After all the present ones: a name that an event has is never read as that of another one.
    private void AddFormerNames()
    {
        foreach (var eventType in _byType.Values)
        {
            foreach (var name in eventType.FormerNames)
            {
                _byName.TryAdd(name, eventType);
            }
        }
    }
}
