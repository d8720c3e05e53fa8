namespace Carillon.Listeners.Internal;

/// <summary>
/// Puts listeners that name each other in order. This file is compiled into the generator too, so that a plan calls its listeners in the order in
/// which the runtime would.
/// </summary>
/// <remarks>
/// They come in by priority, then by registration. One that names another moves, and the one that is named stays: <c>Before</c> moves a listener up
/// to the place of the other, <c>After</c> down behind it. All else keeps its order. What is not among the listeners has no effect.
/// </remarks>
internal sealed class ListenerOrder
{
    private readonly IReadOnlyList<ConstrainedListener> _listeners;

    // For each listener the places of those that must come after it, and of those among them that it has named itself.
    private readonly List<int>[] _followers;
    private readonly List<int>[] _leaders;
    private readonly List<int>[] _movesTo;

    private ListenerOrder(IReadOnlyList<ConstrainedListener> listeners)
    {
        _listeners = listeners;
        _followers = Empty(listeners.Count);
        _leaders = Empty(listeners.Count);
        _movesTo = Empty(listeners.Count);
        var placesById = PlacesById(listeners);
        for (var place = 0; place < listeners.Count; place++)
        {
            foreach (var id in listeners[place].Before)
            {
                if (placesById.TryGetValue(id, out var other))
                {
                    Join(place, other);
                    _movesTo[place].Add(other);
                }
            }

            foreach (var id in listeners[place].After)
            {
                if (placesById.TryGetValue(id, out var other))
                {
                    Join(other, place);
                }
            }
        }
    }

    /// <summary>The places of the listeners in the order of their calls; null if they contradict each other.</summary>
    /// <param name="listeners">The listeners, by priority, then by registration.</param>
    internal static int[]? Sort(IReadOnlyList<ConstrainedListener> listeners)
    {
        var order = new ListenerOrder(listeners);
        return order.Walk(rankOf: null) is { } anyOrder ? order.Walk(order.RanksAfterMoving(anyOrder)) : null;
    }

    /// <summary>The ids of listeners of which each must come before the next one and the last one before the first; null if there are none.</summary>
    internal static List<string>? FindCycle(IReadOnlyList<ConstrainedListener> listeners)
    {
        var order = new ListenerOrder(listeners);
        var left = new HashSet<int>(Enumerable.Range(0, listeners.Count));
        order.Walk(rankOf: null, left);
        if (left.Count == 0)
        {
            return null;
        }

        // Whoever is left waits for somebody who is left: going from one to the next ends in a circle.
        var path = new List<int>();
        for (var place = left.Min(); ; place = order._leaders[place].Find(left.Contains))
        {
            var start = path.IndexOf(place);
            if (start >= 0)
            {
                path.RemoveRange(0, start);
                break;
            }

            path.Add(place);
        }

        path.Reverse();
        return path.ConvertAll(place => listeners[place].Id);
    }

    /// <summary>Takes, again and again, the listener of the lowest rank whose leaders have all been taken; null if some can never be.</summary>
    private int[]? Walk(int[]? rankOf, HashSet<int>? left = null)
    {
        var waitsFor = new int[_listeners.Count];
        var placeOf = new int[_listeners.Count];
        var ready = new SortedSet<int>();
        for (var place = 0; place < waitsFor.Length; place++)
        {
            var rank = rankOf is null ? place : rankOf[place];
            placeOf[rank] = place;
            waitsFor[place] = _leaders[place].Count;
            if (waitsFor[place] == 0)
            {
                ready.Add(rank);
            }
        }

        var order = new List<int>(waitsFor.Length);
        while (ready.Count > 0)
        {
            var rank = ready.Min;
            ready.Remove(rank);
            var place = placeOf[rank];
            order.Add(place);
            left?.Remove(place);
            foreach (var follower in _followers[place])
            {
                if (--waitsFor[follower] == 0)
                {
                    ready.Add(rankOf is null ? follower : rankOf[follower]);
                }
            }
        }

        return order.Count == waitsFor.Length ? order.ToArray() : null;
    }

    /// <summary>Ranks by the place to which each listener moves up, then by its own.</summary>
    private int[] RanksAfterMoving(int[] anyOrder)
    {
        var target = new int[anyOrder.Length];
        for (var index = anyOrder.Length - 1; index >= 0; index--)
        {
            var place = anyOrder[index];
            target[place] = place;
            foreach (var other in _movesTo[place])
            {
                target[place] = Math.Min(target[place], target[other]);
            }
        }

        var places = (int[])anyOrder.Clone();
        Array.Sort(places, (one, other) => target[one] != target[other] ? target[one].CompareTo(target[other]) : one.CompareTo(other));
        var ranks = new int[places.Length];
        for (var rank = 0; rank < places.Length; rank++)
        {
            ranks[places[rank]] = rank;
        }

        return ranks;
    }

    private void Join(int first, int second)
    {
        _followers[first].Add(second);
        _leaders[second].Add(first);
    }

    private static Dictionary<string, int> PlacesById(IReadOnlyList<ConstrainedListener> listeners)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        // Two with one id stop the start; until then, the first one stands.
        for (var place = listeners.Count - 1; place >= 0; place--)
        {
            places[listeners[place].Id] = place;
        }

        return places;
    }

    private static List<int>[] Empty(int count)
    {
        var lists = new List<int>[count];
        for (var index = 0; index < count; index++)
        {
            lists[index] = [];
        }

        return lists;
    }
}
