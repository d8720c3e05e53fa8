using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>
/// Texts as they are stored. PostgreSQL's text has no U+0000, which ids, keys and the messages of exceptions may have: it is written as U+001A and a 0, and U+001A
/// itself as U+001A and a 1. Everything else is stored as it is.
/// </summary>
internal static class StoredText
{
    private const char Escape = '\u001A';

    private static readonly SearchValues<char> Rare = SearchValues.Create('\0', Escape);

    [return: NotNullIfNotNull(nameof(text))]
    internal static string? Write(string? text)
    {
        if (text is null || (!text.AsSpan().ContainsAny(Rare) && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')))
        {
            return text;
        }

        // Half a surrogate pair cannot be encoded at all; in place of failing the call it becomes what everybody shows for it.
        var whole = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        return whole.Replace("\u001A", "\u001A1", StringComparison.Ordinal).Replace("\0", "\u001A0", StringComparison.Ordinal);
    }

    [return: NotNullIfNotNull(nameof(text))]
    internal static string? Read(string? text) =>
        text is null || !text.Contains(Escape, StringComparison.Ordinal)
            ? text
            : text.Replace("\u001A0", "\0", StringComparison.Ordinal).Replace("\u001A1", "\u001A", StringComparison.Ordinal);
}
