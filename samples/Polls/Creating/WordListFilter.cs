using System.Text.RegularExpressions;

namespace Polls.Creating;

/// <summary>Replaces the words of a short list by asterisks.</summary>
internal sealed partial class WordListFilter : IBadWordsFilter
{
    public ValueTask<string> FilterAsync(string text, CancellationToken cancellationToken) =>
        new(BadWords().Replace(text, word => new string('*', word.Length)));

    [GeneratedRegex(@"\b(?:bloody|crap|crappy|damn|damned)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BadWords();
}
