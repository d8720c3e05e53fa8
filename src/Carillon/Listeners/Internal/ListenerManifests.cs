namespace Carillon.Listeners.Internal;

/// <summary>The manifests of an application, each with its place among the listeners that were added one by one.</summary>
internal sealed class ListenerManifests
{
    private readonly List<ListenerManifest> _manifests = [];
    private readonly List<long> _places = [];

    internal IReadOnlyList<ListenerManifest> All => _manifests;

    /// <param name="manifest">The manifest; added twice, it is there once.</param>
    /// <param name="listenersBefore">How many listeners were added before it.</param>
    internal void Add(ListenerManifest manifest, int listenersBefore)
    {
        if (!_manifests.Contains(manifest))
        {
            _places.Add(PlacedListener.PlaceOfManifest(listenersBefore, _manifests.Count));
            _manifests.Add(manifest);
        }
    }

    /// <summary>What is known of a type of event of which no listener was added one by one.</summary>
    internal LoneListener? Find(Type eventType)
    {
        foreach (var manifest in _manifests)
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
        for (var index = 0; index < _manifests.Count; index++)
        {
            if (_manifests[index].Find(eventType) is { } lone)
            {
                found.Add(new PlacedListener(lone.Listener, _places[index]));
            }
        }
    }

    internal bool HasListener(string id)
    {
        foreach (var manifest in _manifests)
        {
            foreach (var entry in manifest.GetNames())
            {
                if (entry.ListenerId == id)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
