using Carillon.Events;
using Carillon.Names.Internal;

namespace Carillon.Listeners.Internal;

/// <summary>The listeners that have come while the application runs. Coming and going costs the same however many there are.</summary>
/// <threadsafety>Not safe for concurrent use: the registry has the lock.</threadsafety>
internal sealed class AddedListeners(int listenersBefore)
{
    private readonly Dictionary<string, PlacedListener> _byId = [];
    private readonly Dictionary<Type, Dictionary<string, PlacedListener>> _byType = [];
    private readonly PatternTrie<PlacedListener> _byPattern = new();
    private int _next = listenersBefore;

    internal IEnumerable<Listener> All => _byId.Values.Select(placed => placed.Listener);

    internal Listener? Find(string id) => _byId.GetValueOrDefault(id)?.Listener;

    internal Registration? FindRegistration(string id) => _byId.GetValueOrDefault(id)?.Registration;

    internal void Add(Listener listener, Registration registration)
    {
        var placed = new PlacedListener(listener, PlacedListener.PlaceOf(_next++)) { Registration = registration };
        _byId.Add(listener.Id, placed);
        if (listener.Pattern is { } pattern)
        {
            _byPattern.Add(pattern, placed);
            return;
        }

        if (!_byType.TryGetValue(listener.EventType, out var ofType))
        {
            _byType.Add(listener.EventType, ofType = []);
        }

        ofType.Add(listener.Id, placed);
    }

    internal bool Remove(Listener listener)
    {
        // The id may have been given to another one since.
        if (_byId.GetValueOrDefault(listener.Id) is not { } placed || placed.Listener != listener)
        {
            return false;
        }

        _byId.Remove(listener.Id);
        if (listener.Pattern is { } pattern)
        {
            _byPattern.Remove(pattern, placed);
            return true;
        }

        var ofType = _byType[listener.EventType];
        ofType.Remove(listener.Id);
        if (ofType.Count == 0)
        {
            _byType.Remove(listener.EventType);
        }

        return true;
    }

    /// <summary>Those that take events of exactly this type and name, in no order.</summary>
    internal void AddTo(List<PlacedListener> found, EventType eventType)
    {
        foreach (var (type, listeners) in _byType)
        {
            if (type.IsAssignableFrom(eventType.Type) && (type != typeof(object) || !Listeners.IsOfTheHost(eventType.Type)))
            {
                found.AddRange(listeners.Values);
            }
        }

        ListenerPattern.AddMatching(_byPattern, found, eventType);
    }
}
