using System.Globalization;

namespace Carillon.EventSourcing.Internal;

/// <summary>What a stream can be called.</summary>
internal static class StreamName
{
    // Every database can index it.
    private const int MaxLength = 200;

    /// <exception cref="ArgumentException">It cannot be called so.</exception>
    internal static void Check(string stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (Fault(stream) is { } fault)
        {
            throw new ArgumentException(
                $"A stream cannot be called '{Shown(stream)}': {fault}. Take a name like 'order-4711': what it is a stream of, and which one.", nameof(stream));
        }
    }

    private static string? Fault(string stream) =>
        stream.Length == 0 ? "the name is empty"
        : stream.Length > MaxLength ? string.Create(CultureInfo.InvariantCulture, $"it has {stream.Length} characters, and {MaxLength} are the most")
        : char.IsWhiteSpace(stream[0]) || char.IsWhiteSpace(stream[^1]) ? "it begins or ends with white space, which nobody sees"
        : stream.Any(char.IsControl) ? "it has a control character"
        : HasHalfPair(stream) ? "it has half of a surrogate pair, which is no character"
        : null;

    private static bool HasHalfPair(string stream)
    {
        for (var i = 0; i < stream.Length; i++)
        {
            if (char.IsSurrogate(stream[i]) && (!char.IsSurrogatePair(stream, i) || i++ < 0))
            {
                return true;
            }
        }

        return false;
    }

    // Whatever it is, it fits into a message and a log.
    private static string Shown(string stream) =>
        string.Concat((stream.Length > 40 ? stream[..40] + "..." : stream).Select(static letter => char.IsControl(letter) ? '\uFFFD' : letter));
}
