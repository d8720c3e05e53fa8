using System.Text;
using Carillon.Postgres.Deliveries.Internal;

namespace Carillon.Postgres.Transports.Internal;

/// <summary>Patterns of names, as regular expressions of PostgreSQL for the name with a dot behind it: so each segment ends with a dot, and the rules have no exceptions.</summary>
internal static class PatternRegex
{
    internal static string Of(string pattern)
    {
        // A newline is a character like any other: no option is set by which it would not be.
        var regex = new StringBuilder("^");
        foreach (var segment in StoredText.Write(pattern).Split('.'))
        {
            _ = segment switch
            {
                "*" => regex.Append(@"[^.]*\."),
                "#" => regex.Append(@"([^.]*\.)*"),
                _ => Append(regex, segment).Append(@"\."),
            };
        }

        return regex.Append('$').ToString();
    }

    private static StringBuilder Append(StringBuilder regex, string text)
    {
        foreach (var letter in text)
        {
            // Of letters and digits a backslash would make something else; of the rest it makes themselves.
            regex.Append(letter < 128 && !char.IsAsciiLetterOrDigit(letter) ? "\\" : "").Append(letter);
        }

        return regex;
    }
}
