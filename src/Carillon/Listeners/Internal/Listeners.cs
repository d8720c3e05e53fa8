using Carillon.Events;
using Carillon.Names.Internal;

namespace Carillon.Listeners.Internal;

/// <summary>An immutable set of listeners with the two questions that are asked of it.</summary>
/// <remarks>Made at start for every listener of the application: plain loops over plain collections, since each generic method that is new costs its compilation.</remarks>
internal sealed class Listeners
{
    // Each made with the first listener that belongs there: there is none in an application whose listeners are all in manifests.
    private Dictionary<string, Listener>? _durableById;

    // By the exact type of the event parameter: what a class and its base classes are looked up in. Those of one type are a chain.
    private Dictionary<Type, PlacedListener>? _byClass;

    // Interfaces and arrays, where variance makes more types fit than the exact one: asked one by one, once for each type of event.
    private List<PlacedListener>? _byInterface;

    // Those that name what they listen to, if there are any; compiled when the first event is looked up.
    private List<PlacedListener>? _named;
    private PatternTrie<PlacedListener>? _patterns;

    private readonly ListenerManifests _manifests;

    private IReadOnlyList<Listener>? _all;

    // Says that there are some: whoever only asks that need not load the type of the list.
    private bool _hasAny;

    /// <param name="manifests">Those that are opened when their event is dispatched.</param>
    internal Listeners(ListenerManifests manifests) => _manifests = manifests;

    /// <summary>Adds those that were added one by one, before anything is asked: none, where all listeners are in manifests.</summary>
    internal void Add(IReadOnlyList<Listener> all)
    {
        _all = all;
        _hasAny = true;
        for (var place = 0; place < all.Count; place++)
        {
            Add(all[place], PlacedListener.PlaceOf(place));
        }
    }

    /// <summary>The listeners that were added one by one.</summary>
    internal IReadOnlyList<Listener> All => _all ?? [];

    internal Listener? FindDurable(string id) => _durableById?.GetValueOrDefault(id);

    /// <summary>By priority, then by registration, whatever type the listener was registered for (conformance 58, 85); then by what they say of each other.</summary>
    /// <param name="eventType">The exact run-time type of the event, and its name.</param>
    /// <param name="added">Listeners from elsewhere that take their places among these.</param>
    internal Listener[] Of(EventType eventType, List<PlacedListener>? added = null)
    {
        var found = added ?? new List<PlacedListener>();
        for (var type = eventType.Type; type is not null && (type != typeof(object) || !IsOfTheHost(eventType.Type)); type = type.BaseType)
        {
            for (var placed = _byClass?.GetValueOrDefault(type); placed is not null; placed = placed.NextOfSameType)
            {
                found.Add(placed);
            }

            // Who listens to every event is in no manifest.
            if (_manifests.All.Length > 0 && type != typeof(object))
            {
                _manifests.AddTo(found, type);
            }
        }

        foreach (var placed in _byInterface ?? [])
        {
            if (placed.Listener.EventType.IsAssignableFrom(eventType.Type))
            {
                found.Add(placed);
            }
        }

        if (_named is not null)
        {
            ListenerPattern.AddMatching(_patterns ??= Compile(_named), found, eventType);
        }

        return found.Count switch
        {
            0 => [],
            1 when !found[0].Listener.HasConstraints => [found[0].Listener],
            _ => Sort(found),
        };
    }

    /// <summary>Whether certainly no other listener takes its event. False if that is not seen at a glance.</summary>
    internal bool IsAlone(LoneListener lone) =>
        (!_hasAny && _manifests.All.Length == 1 && lone.Type.BaseType == typeof(object)) || IsAloneAmongAll(lone);

    private bool IsAloneAmongAll(LoneListener lone)
    {
        if (_named is not null || _byInterface is not null)
        {
            return false;
        }

        for (var type = lone.Type; type is not null; type = type.BaseType)
        {
            if (_byClass is not null && _byClass.ContainsKey(type))
            {
                return false;
            }

            foreach (var manifest in _manifests.All)
            {
                // Who listens to every event is in no manifest.
                if (type != typeof(object) && manifest.Find(type) is { } found && found != lone)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Whether it is an event of the host, which those who take every event of the application do not mean.</summary>
    internal static bool IsOfTheHost(Type eventType) => typeof(ILifecycleEvent).IsAssignableFrom(eventType);

    private static PatternTrie<PlacedListener> Compile(List<PlacedListener> named)
    {
        var patterns = new PatternTrie<PlacedListener>();
        foreach (var placed in named)
        {
            patterns.Add(placed.Listener.Pattern!, placed);
        }

        return patterns;
    }

    private static Listener[] Sort(List<PlacedListener> found)
    {
        found.Sort(static (one, other) =>
            one.Listener.Priority != other.Listener.Priority
                ? other.Listener.Priority.CompareTo(one.Listener.Priority)
                : one.Place.CompareTo(other.Place));
        var listeners = new Listener[found.Count];
        for (var index = 0; index < listeners.Length; index++)
        {
            listeners[index] = found[index].Listener;
        }

        return ListenerConstraints.Heed(listeners);
    }

    private void Add(Listener listener, long place)
    {
        var placed = new PlacedListener(listener, place);
        if (listener.Pattern is not null)
        {
            (_named ??= []).Add(placed);
        }
        else if (listener.EventType.IsInterface || listener.EventType.IsArray)
        {
            (_byInterface ??= []).Add(placed);
        }
        else if (!(_byClass ??= []).TryAdd(listener.EventType, placed))
        {
            placed.NextOfSameType = _byClass[listener.EventType];
            _byClass[listener.EventType] = placed;
        }

        if (listener.Delivery == Delivery.Durable)
        {
            // Start-up refuses two listeners with one id; until it has spoken, the first one stands.
            (_durableById ??= []).TryAdd(listener.Id, listener);
        }
    }
}
