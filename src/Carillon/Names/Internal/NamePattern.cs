namespace Carillon.Names.Internal;

/// <summary>
/// The rules of patterns: names are parted by dots, <c>*</c> stands for exactly one segment, <c>#</c> for any number of them, none included. This file is
/// compiled into the generator too, so that a plan calls the listeners which the runtime would call.
/// </summary>
internal static class NamePattern
{
    internal const string One = "*";
    internal const string Any = "#";

    internal const int MaxLength = 200;

    private static readonly char[] Wildcards = ['*', '#'];

    /// <summary>Whether it can stand for more than one name.</summary>
    internal static bool HasWildcard(string pattern) => pattern.IndexOfAny(Wildcards) >= 0;

    /// <summary>Says what is wrong with a pattern, or null if nothing is.</summary>
    internal static string? Fault(string pattern)
    {
        if (LengthFault(pattern) is { } fault)
        {
            return fault;
        }

        foreach (var segment in Segments(pattern))
        {
            if (segment.Length > 1 && HasWildcard(segment))
            {
                return $"'{segment}' mixes a wildcard with other characters: '*' stands for one whole segment between dots, '#' for any number of them";
            }
        }

        return null;
    }

    /// <summary>Says why nothing can be emitted under a name, or null if it can.</summary>
    internal static string? NameFault(string name) =>
        LengthFault(name) ?? (HasWildcard(name) ? "it is a pattern: '*' and '#' are for those who listen" : null);

    /// <summary>An empty segment is a segment: a name that begins or ends with a dot, or has two in a row, is like any other.</summary>
    internal static string[] Segments(string text) => text.Split('.');

    /// <summary>Whether the name is one of those for which the pattern stands. The trie answers the same for many patterns at once.</summary>
    internal static bool Matches(string pattern, string name)
    {
        var wanted = Segments(pattern);
        var given = Segments(name);

        // Which beginnings of the pattern stand for the segments seen so far.
        var reached = new bool[wanted.Length + 1];
        reached[0] = true;
        SkipAny(wanted, reached);
        foreach (var segment in given)
        {
            var next = new bool[reached.Length];
            for (var place = 0; place < wanted.Length; place++)
            {
                if (reached[place])
                {
                    next[place] |= wanted[place] == Any;
                    next[place + 1] |= wanted[place] is One or Any || wanted[place] == segment;
                }
            }

            SkipAny(wanted, next);
            reached = next;
        }

        return reached[wanted.Length];
    }

    private static void SkipAny(string[] wanted, bool[] reached)
    {
        for (var place = 0; place < wanted.Length; place++)
        {
            reached[place + 1] |= reached[place] && wanted[place] == Any;
        }
    }

    private static string? LengthFault(string text) =>
        text.Length is 0 or > MaxLength ? $"it has {text.Length} characters, and may have 1 to {MaxLength}" : null;
}
