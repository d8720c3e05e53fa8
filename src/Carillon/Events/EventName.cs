using System.Text;

namespace Carillon.Events;

/// <summary>The rules of event names. This file is compiled into the generator too, so that both derive the same name from a type.</summary>
internal static class EventName
{
    internal const int MaxLength = 200;
    private const string Suffix = "Event";

    // What a type without a letter or digit in its name is called.
    private const string Nameless = "event";

    /// <summary>Derives a name from the words of a type's name: the last word is the action, those before it the entity.</summary>
    /// <param name="typeName">The simple name of the type, without its arity.</param>
    /// <param name="typeArguments">The simple names of its type arguments: <c>Created&lt;Order&gt;</c> is <c>order.created</c>.</param>
    internal static string Derive(string typeName, IEnumerable<string> typeArguments)
    {
        var stem = typeName.Length > Suffix.Length && typeName.EndsWith(Suffix, StringComparison.Ordinal)
            ? typeName.Substring(0, typeName.Length - Suffix.Length)
            : typeName;
        var words = new List<string>();
        foreach (var argument in typeArguments)
        {
            words.AddRange(Words(argument));
        }

        words.AddRange(Words(stem));
        return words.Count <= 1
            ? words.FirstOrDefault() ?? Nameless
            : $"{string.Join("-", words.GetRange(0, words.Count - 1))}.{words[words.Count - 1]}";
    }

    /// <summary>Says what is wrong with a name, or null if nothing is.</summary>
    internal static string? Fault(string name)
    {
        if (name.Length is 0 or > MaxLength)
        {
            return $"a name has 1 to {MaxLength} characters";
        }

        var atStartOfSegment = true;
        foreach (var character in name)
        {
            var separator = character == '.';
            if (separator && atStartOfSegment)
            {
                return "it has an empty segment";
            }

            if (!separator && !char.IsLetterOrDigit(character) && character is not ('-' or '_'))
            {
                return $"'{character}' is not allowed: segments of letters, digits, '-' and '_' are separated by dots";
            }

            atStartOfSegment = separator;
        }

        return atStartOfSegment ? "it has an empty segment" : null;
    }

    private static List<string> Words(string pascalCase)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var index = 0; index < pascalCase.Length; index++)
        {
            var character = pascalCase[index];
            if (StartsWord(pascalCase, index) && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }

            if (char.IsLetterOrDigit(character))
            {
                word.Append(char.ToLowerInvariant(character));
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    // "PollCreated" splits before C; "HTTPRequestReceived" before R of Request and of Received, not between H, T, T and P.
    private static bool StartsWord(string text, int index) =>
        text[index] == '_'
        || (char.IsUpper(text[index])
            && (index == 0
                || !char.IsUpper(text[index - 1])
                || (index + 1 < text.Length && char.IsLower(text[index + 1]))));
}
