namespace Carillon.Names.Internal;

/// <summary>Patterns, compiled: to look a name up costs its own segments, whatever else is in there; to add or remove one costs the pattern's.</summary>
/// <typeparam name="T">What is found.</typeparam>
/// <threadsafety>Safe for concurrent reading, while nobody adds or removes.</threadsafety>
internal sealed class PatternTrie<T>
{
    private readonly Node _root = new(loops: false);

    internal bool IsEmpty => _root.IsEmpty;

    internal void Add(string pattern, T value)
    {
        var node = _root;
        foreach (var segment in Steps(pattern))
        {
            node = node.Child(segment);
        }

        node.Values.Add(value);
    }

    /// <summary>Removes what was added with this pattern, and all that nothing else needs.</summary>
    internal void Remove(string pattern, T value)
    {
        var way = new Stack<(Node Parent, string Segment)>();
        var node = _root;
        foreach (var segment in Steps(pattern))
        {
            way.Push((node, segment));
            node = node.Child(segment);
        }

        node.Values.Remove(value);
        while (way.TryPop(out var step) && step.Parent.Child(step.Segment).IsEmpty)
        {
            step.Parent.RemoveChild(step.Segment);
        }
    }

    // Neighbouring # are one: it stands for any number already.
    private static IEnumerable<string> Steps(string pattern)
    {
        string? last = null;
        foreach (var segment in NamePattern.Segments(pattern))
        {
            if (segment != NamePattern.Any || last != NamePattern.Any)
            {
                yield return segment;
            }

            last = segment;
        }
    }

    /// <summary>Adds whatever stands for the name, each once, in no particular order.</summary>
    internal void Find(string name, List<T> found)
    {
        // All ways through the patterns are walked at once, each node at most once a segment: no pattern makes it slow.
        var current = new List<Node>();
        var seen = new HashSet<Node>();
        Enter(_root, current, seen);
        foreach (var segment in NamePattern.Segments(name))
        {
            var next = new List<Node>();
            seen.Clear();
            foreach (var node in current)
            {
                Enter(node.Loops ? node : null, next, seen);
                Enter(node.Exact?.GetValueOrDefault(segment), next, seen);
                Enter(node.One, next, seen);
            }

            current = next;
        }

        foreach (var node in current)
        {
            found.AddRange(node.Values);
        }
    }

    // A # may stand for nothing: whoever is before it is in it as well.
    private static void Enter(Node? node, List<Node> nodes, HashSet<Node> seen)
    {
        for (; node is not null && seen.Add(node); node = node.Any)
        {
            nodes.Add(node);
        }
    }

    private sealed class Node(bool loops)
    {
        internal readonly HashSet<T> Values = [];
        internal Dictionary<string, Node>? Exact;
        internal Node? One;
        internal Node? Any;

        /// <summary>Whether it is that of a #, in which any further segment stays.</summary>
        internal bool Loops => loops;

        internal bool IsEmpty => Values.Count == 0 && One is null && Any is null && Exact is not { Count: > 0 };

        internal void RemoveChild(string segment)
        {
            switch (segment)
            {
                case NamePattern.One:
                    One = null;
                    break;
                case NamePattern.Any:
                    Any = null;
                    break;
                default:
                    Exact!.Remove(segment);
                    break;
            }
        }

        internal Node Child(string segment)
        {
            switch (segment)
            {
                case NamePattern.One:
                    return One ??= new Node(loops: false);
                case NamePattern.Any:
                    return Any ??= new Node(loops: true);
            }

            if ((Exact ??= []).TryGetValue(segment, out var present))
            {
                return present;
            }

            var added = new Node(loops: false);
            Exact.Add(segment, added);
            return added;
        }
    }
}
