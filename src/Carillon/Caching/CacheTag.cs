using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Carillon.Caching;

/// <summary>A tag of cache entries, written as an interpolated string: <c>$"poll:{pollId}"</c>. The text stands as it is; values are encoded, so that none of them can name another tag.</summary>
/// <remarks>
/// Letters and digits of ASCII and <c>-</c>, <c>.</c>, <c>_</c>, <c>~</c> in a value stand for themselves; every other byte of its UTF-8 is written as <c>%</c> and two digits, <c>*</c> and <c>:</c> among them. Values are
/// formatted without a culture; null is nothing.
/// </remarks>
/// <threadsafety>Not safe for concurrent use while it is being written.</threadsafety>
[InterpolatedStringHandler]
public readonly struct CacheTag
{
    private readonly StringBuilder _text;

    /// <summary>Begins a tag. The compiler calls this.</summary>
    /// <param name="literalLength">How much text there is.</param>
    /// <param name="formattedCount">How many values there are.</param>
    public CacheTag(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (formattedCount * 36));

    /// <summary>The tag as text, for a cache that takes nothing else: <c>CacheTag.Of($"poll:{pollId}")</c>.</summary>
    public static string Of(CacheTag tag) => tag.ToString();

    /// <summary>A value as it is written in a tag. Generated code calls this.</summary>
    public static string Encode<T>(T value)
    {
        var text = value is IFormattable formattable ? formattable.ToString(format: null, CultureInfo.InvariantCulture) : value?.ToString();
        // Its rule is that of RFC 3986: what it leaves alone is nothing that separates.
        return text is null ? string.Empty : Uri.EscapeDataString(text);
    }

    /// <summary>Adds text. The compiler calls this.</summary>
    public void AppendLiteral(string value) => _text.Append(value);

    /// <summary>Adds a value. The compiler calls this.</summary>
    public void AppendFormatted<T>(T value) => _text.Append(Encode(value));

    /// <summary>The tag.</summary>
    public override string ToString() => _text?.ToString() ?? string.Empty;
}
