namespace Carillon.Listeners.Internal;

/// <summary>The manifests of an application, each with its place among the listeners that were added one by one.</summary>
internal sealed class ListenerManifests
{
    internal readonly List<ListenerManifest> All = [];
    private readonly Dictionary<ListenerManifest, object> _places = [];

    /// <param name="manifest">The manifest; added twice, it is there once.</param>
    /// <param name="listenersBefore">How many listeners were added before it.</param>
    internal void Add(ListenerManifest manifest, int listenersBefore)
    {
        if (_places.TryAdd(manifest, PlacedListener.PlaceOfManifest(listenersBefore, All.Count)))
        {
            All.Add(manifest);
        }
    }

    /// <summary>The listener that a manifest has for this very type of event, which tells what the event is called.</summary>
    internal LoneListener? Find(Type eventType)
    {
        foreach (var manifest in All)
        {
            if (manifest.Find(eventType) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    internal void AddTo(List<PlacedListener> found, Type eventType)
    {
        foreach (var manifest in All)
        {
            if (manifest.Find(eventType) is { } lone)
            {
                found.Add(new PlacedListener(lone.Listener, (long)_places[manifest]));
            }
        }
    }
}
