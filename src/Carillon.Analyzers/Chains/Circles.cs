using Carillon.Analyzers.Symbols;
using Microsoft.CodeAnalysis;

namespace Carillon.Analyzers.Chains;

/// <summary>Finds the circles in a set of links: for each link the shortest way back to itself, and each circle once.</summary>
internal static class Circles
{
    internal static IReadOnlyList<IReadOnlyList<Link>> Find(IReadOnlyCollection<Link> links, Compilation compilation)
    {
        var ordered = links
            .OrderBy(link => link.Listener, StringComparer.Ordinal)
            .ThenBy(link => link.Dispatched.Name, StringComparer.Ordinal)
            .ThenBy(link => link.Location.SourceSpan.Start)
            .ToArray();
        var next = Array.ConvertAll(ordered, link => ordered.Where(other => Reach.Reaches(link.Dispatched, other.Taken, compilation)).ToArray());
        var index = ordered.Select((link, place) => (link, place)).ToDictionary(each => each.link, each => each.place);

        var known = new HashSet<Link>();
        var circles = new List<IReadOnlyList<Link>>();
        foreach (var link in ordered)
        {
            // A link that is part of a circle that was found would only show the same one from another side.
            if (!known.Contains(link) && WayBack(link, each => next[index[each]]) is { } circle)
            {
                known.UnionWith(circle);
                circles.Add(circle);
            }
        }

        return circles;
    }

    private static List<Link>? WayBack(Link start, Func<Link, Link[]> next)
    {
        var cameFrom = new Dictionary<Link, Link>();
        var open = new Queue<Link>([start]);
        while (open.Count > 0)
        {
            var current = open.Dequeue();
            foreach (var following in next(current))
            {
                if (following == start)
                {
                    return Way(start, current, cameFrom);
                }

                if (!cameFrom.ContainsKey(following))
                {
                    cameFrom[following] = current;
                    open.Enqueue(following);
                }
            }
        }

        return null;
    }

    private static List<Link> Way(Link start, Link last, Dictionary<Link, Link> cameFrom)
    {
        var way = new List<Link>();
        for (var link = last; link != start; link = cameFrom[link])
        {
            way.Add(link);
        }

        way.Add(start);
        way.Reverse();
        return way;
    }
}
