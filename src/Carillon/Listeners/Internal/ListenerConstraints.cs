namespace Carillon.Listeners.Internal;

/// <summary>What listeners say of each other's order: heeded when those of an event are looked up, checked when they are added.</summary>
internal static class ListenerConstraints
{
    /// <summary>The same listeners with every <c>Before</c> and <c>After</c> heeded.</summary>
    /// <param name="listeners">By priority, then by registration.</param>
    internal static Listener[] Heed(Listener[] listeners)
    {
        if (!HasAny(listeners))
        {
            return listeners;
        }

        // Start-up has refused a circle; an application that has no host, and so no start, learns of it here.
        var places = ListenerOrder.Sort(Describe(listeners)) ?? throw new CarillonException(FindCycle(listeners)!);
        return Array.ConvertAll(places, place => listeners[place]);
    }

    internal static bool HasAny(IReadOnlyList<Listener> listeners)
    {
        for (var index = 0; index < listeners.Count; index++)
        {
            if (listeners[index].HasConstraints)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Says which listeners contradict each other, whether or not one event reaches them all; null if none do.</summary>
    internal static string? FindCycle(IReadOnlyList<Listener> listeners)
    {
        // Who is named is among them, be it in a manifest or not there at all: whoever comes before and after it contradicts himself.
        var silent = listeners.SelectMany(listener => listener.Before.Concat(listener.After)).Distinct().Except(listeners.Select(listener => listener.Id));
        if (ListenerOrder.FindCycle([.. Describe(listeners), .. silent.Select(id => new ConstrainedListener(id, [], []))]) is not { } cycle)
        {
            return null;
        }

        return $"These listeners must each come before the next one: {string.Join(" -> ", cycle.Append(cycle[0]).Select(id => $"'{id}'"))}. "
            + "Nothing can be called in this order: take away one of their Before or After.";
    }

    /// <summary>Says which listeners name one that is not there.</summary>
    internal static IEnumerable<string> FindUnknown(IReadOnlyList<Listener> listeners, ListenerManifests manifests)
    {
        var inManifests = manifests.All.SelectMany(manifest => manifest.GetNames()).Select(name => name.ListenerId);
        var known = listeners.Select(listener => listener.Id).Concat(inManifests).ToHashSet(StringComparer.Ordinal);
        return
            from listener in listeners
            where listener.HasConstraints
            from named in listener.Before.Select(id => (Word: "before", Id: id)).Concat(listener.After.Select(id => (Word: "after", Id: id)))
            where !known.Contains(named.Id)
            select $"The listener '{listener.Id}' of '{listener.EventType}' comes {named.Word} '{named.Id}', but no listener has this id. {Suggest(named.Id, known)}";
    }

    internal static string Suggest(string id, HashSet<string> known)
    {
        var nearest = NearestIds.To(id, known);
        return nearest.Count == 0
            ? "Name one that is there: a method is called by its type and its own name, 'OrderListeners.Audit'."
            : $"Did you mean {string.Join(" or ", nearest.Select(each => $"'{each}'"))}?";
    }

    private static ConstrainedListener[] Describe(IReadOnlyList<Listener> listeners)
    {
        var described = new ConstrainedListener[listeners.Count];
        for (var index = 0; index < described.Length; index++)
        {
            described[index] = new ConstrainedListener(listeners[index].Id, listeners[index].Before, listeners[index].After);
        }

        return described;
    }
}
