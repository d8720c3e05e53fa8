using System.Text;

namespace Carillon.Redis.Clients.Internal;

/// <summary>A reply of the server, or a part of one. Its bytes are its own.</summary>
internal readonly struct RespValue
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly object? _content;
    private readonly long _number;

    private RespValue(RespKind kind, long number, object? content) => (Kind, _number, _content) = (kind, number, content);

    internal RespKind Kind { get; }

    internal bool IsNull => Kind == RespKind.Null;

    /// <exception cref="RespException">It is none.</exception>
    internal long Number => Kind == RespKind.Number ? _number : throw Unexpected("a number");

    /// <exception cref="RespException">It is none.</exception>
    internal byte[] Bytes => Kind == RespKind.Bytes ? (byte[])_content! : throw Unexpected("bytes");

    /// <summary>A text, however it was sent.</summary>
    /// <exception cref="RespException">It is none.</exception>
    internal string Text => Kind switch
    {
        RespKind.Text or RespKind.Error => (string)_content!,
        RespKind.Bytes => Encoding.UTF8.GetString((byte[])_content!),
        _ => throw Unexpected("a text"),
    };

    /// <summary>The text that the bytes are; null if they are none.</summary>
    /// <exception cref="RespException">It is not bytes.</exception>
    internal string? TextOrNull
    {
        get
        {
            try
            {
                return Strict.GetString(Bytes);
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }
    }

    /// <exception cref="RespException">It is none.</exception>
    internal RespValue[] Items => Kind == RespKind.List ? (RespValue[])_content! : throw Unexpected("a list");

    internal static RespValue OfText(string text) => new(RespKind.Text, 0, text);

    internal static RespValue OfError(string text) => new(RespKind.Error, 0, text);

    internal static RespValue OfNumber(long number) => new(RespKind.Number, number, null);

    internal static RespValue OfBytes(byte[] bytes) => new(RespKind.Bytes, 0, bytes);

    internal static RespValue OfList(RespValue[] items) => new(RespKind.List, 0, items);

    private RespException Unexpected(string wanted) => new($"The server answered with {Kind} where {wanted} was expected.");
}
