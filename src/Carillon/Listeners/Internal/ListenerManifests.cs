namespace Carillon.Listeners.Internal;

/// <summary>The manifests of an application, each with its place among the listeners that were added one by one.</summary>
internal sealed class ListenerManifests
{
    internal readonly List<ListenerManifest> All = [];

    // How many listeners were added before each of them: numbers of a type whose lists the framework has compiled.
    private readonly List<int> _listenersBefore = [];

    /// <param name="manifest">The manifest; added twice, it is there once.</param>
    /// <param name="listenersBefore">How many listeners were added before it.</param>
    internal void Add(ListenerManifest manifest, int listenersBefore)
    {
        if (!All.Contains(manifest))
        {
            _listenersBefore.Add(listenersBefore);
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
        for (var index = 0; index < All.Count; index++)
        {
            if (All[index].Find(eventType) is { } lone)
            {
                found.Add(new PlacedListener(lone.Listener, PlacedListener.PlaceOfManifest(_listenersBefore[index], index)));
            }
        }
    }
}
