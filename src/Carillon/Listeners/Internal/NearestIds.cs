namespace Carillon.Listeners.Internal;

/// <summary>What somebody may have meant by an id that no listener has.</summary>
internal static class NearestIds
{
    private const int Most = 3;

    /// <summary>Up to three ids that end in the same method or differ in little more than a third of their letters, the nearest first.</summary>
    internal static List<string> To(string id, IEnumerable<string> known) =>
    [
        .. known
            .Select(each => (Id: each, Distance: Distance(id, each)))
            .Where(each => each.Distance <= 1 + (id.Length / 3) || Method(each.Id).Equals(Method(id), StringComparison.OrdinalIgnoreCase))
            .OrderBy(each => each.Distance)
            .ThenBy(each => each.Id, StringComparer.Ordinal)
            .Take(Most)
            .Select(each => each.Id),
    ];

    /// <summary>The name that differs in little more than a third of its letters; null if there is none. One that differs in its digits alone is another one of a row.</summary>
    internal static string? Spelled(string name, IEnumerable<string> known) => known
        .Where(each => each != name && WithoutDigits(each) != WithoutDigits(name))
        .Select(each => (Name: each, Distance: Distance(name, each)))
        .Where(each => each.Distance <= 1 + (name.Length / 3))
        .OrderBy(each => each.Distance)
        .ThenBy(each => each.Name, StringComparer.Ordinal)
        .Select(each => each.Name)
        .FirstOrDefault();

    private static string WithoutDigits(string name) => string.Concat(name.Where(letter => !char.IsAsciiDigit(letter)));

    private static string Method(string id) => id[(id.LastIndexOf('.') + 1)..];

    // Letters to insert, delete or replace; upper and lower case are the same.
    private static int Distance(string one, string other)
    {
        var before = new int[other.Length + 1];
        var current = new int[other.Length + 1];
        for (var column = 0; column <= other.Length; column++)
        {
            before[column] = column;
        }

        for (var row = 1; row <= one.Length; row++)
        {
            current[0] = row;
            for (var column = 1; column <= other.Length; column++)
            {
                var replaced = before[column - 1] + (char.ToUpperInvariant(one[row - 1]) == char.ToUpperInvariant(other[column - 1]) ? 0 : 1);
                current[column] = Math.Min(replaced, Math.Min(before[column], current[column - 1]) + 1);
            }

            (before, current) = (current, before);
        }

        return before[other.Length];
    }
}
