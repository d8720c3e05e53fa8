namespace Carillon.Listeners.Internal;

/// <summary>The manifests of an application, each with its place among the listeners that were added one by one.</summary>
internal sealed class ListenerManifests
{
    // Arrays and a field, which cost a start nothing; a list of a type of one's own has to be loaded.
    internal ListenerManifest[] All = [];

    // How many listeners were added before each of them.
    private int[]? _listenersBefore;

    /// <param name="manifest">The manifest; added twice, it is there once.</param>
    /// <param name="listenersBefore">How many listeners were added before it.</param>
    internal void Add(ListenerManifest manifest, int listenersBefore)
    {
        if (All.Length > 0)
        {
            AddFurther(manifest, listenersBefore);
            return;
        }

        All = [manifest];
        _listenersBefore = [listenersBefore];
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
        for (var index = 0; index < All.Length; index++)
        {
            if (All[index].Find(eventType) is { } lone)
            {
                found.Add(new PlacedListener(lone.Listener, PlacedListener.PlaceOfManifest(_listenersBefore![index], index)));
            }
        }
    }

    private void AddFurther(ListenerManifest manifest, int listenersBefore)
    {
        if (!All.Contains(manifest))
        {
            All = [.. All, manifest];
            _listenersBefore = [.. _listenersBefore!, listenersBefore];
        }
    }
}
