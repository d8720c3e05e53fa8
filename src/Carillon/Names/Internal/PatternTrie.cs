namespace Carillon.Names.Internal;

/// <summary>Patterns, compiled: what a name is looked up in costs its own segments, whatever else is in there. Never changed once it is complete.</summary>
/// <typeparam name="T">What is found.</typeparam>
internal sealed class PatternTrie<T>
{
    private readonly Node _root = new(loops: false);

    internal void Add(string pattern, T value)
    {
        var node = _root;
        foreach (var segment in NamePattern.Segments(pattern))
        {
            // Neighbouring # are one: it stands for any number already.
            node = segment != NamePattern.Any || !node.Loops ? node.Child(segment) : node;
        }

        node.Values.Add(value);
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
        internal readonly List<T> Values = [];
        internal Dictionary<string, Node>? Exact;
        internal Node? One;
        internal Node? Any;

        /// <summary>Whether it is that of a #, in which any further segment stays.</summary>
        internal bool Loops => loops;

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
