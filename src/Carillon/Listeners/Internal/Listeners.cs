using System.Collections.Frozen;

namespace Carillon.Listeners.Internal;

/// <summary>An immutable set of listeners with the two questions that are asked of it.</summary>
internal sealed class Listeners
{
    private readonly FrozenDictionary<string, Listener> _durableById;

    // By the exact type of the event parameter: what a class and its base classes are looked up in.
    private readonly Dictionary<Type, List<int>> _byClass = [];

    // Interfaces, where generic variance makes more types fit than the exact one: asked one by one, once for each type of event.
    private readonly List<int> _byInterface = [];

    internal Listeners(Listener[] all)
    {
        All = all;
        for (var index = 0; index < all.Length; index++)
        {
            var type = all[index].EventType;
            if (type.IsInterface)
            {
                _byInterface.Add(index);
            }
            else if (_byClass.TryGetValue(type, out var sameType))
            {
                sameType.Add(index);
            }
            else
            {
                _byClass.Add(type, [index]);
            }
        }

        // Start-up refuses two listeners with one id; until it has spoken, the first one stands.
        _durableById = all
            .Where(listener => listener.Delivery == Delivery.Durable)
            .DistinctBy(listener => listener.Id)
            .ToFrozenDictionary(listener => listener.Id);
    }

    internal IReadOnlyList<Listener> All { get; }

    internal Listener? FindDurable(string id) => _durableById.GetValueOrDefault(id);

    internal IEnumerable<Listener> Of(Type eventType)
    {
        var found = new List<int>();
        for (var type = eventType; type is not null; type = type.BaseType)
        {
            if (_byClass.TryGetValue(type, out var sameType))
            {
                found.AddRange(sameType);
            }
        }

        found.AddRange(_byInterface.Where(index => All[index].EventType.IsAssignableFrom(eventType)));

        // Priority first, then registration, whatever type the listener was registered for (conformance 58, 85).
        return found.OrderByDescending(index => All[index].Priority).ThenBy(index => index).Select(index => All[index]);
    }
}
