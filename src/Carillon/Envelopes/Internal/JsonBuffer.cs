using System.Buffers;
using System.Text.Json;

namespace Carillon.Envelopes.Internal;

/// <summary>A buffer and a writer that each thread keeps, so that serializing allocates nothing but the payload itself.</summary>
internal sealed class JsonBuffer
{
    // A rare large event must not pin its buffer to the thread for ever.
    private const int LargestKept = 256 * 1024;

    [ThreadStatic]
    private static JsonBuffer? _ofThread;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    private JsonBuffer(JsonSerializerOptions options) =>
        Writer = new Utf8JsonWriter(_bytes, new JsonWriterOptions { Encoder = options.Encoder, MaxDepth = options.MaxDepth, SkipValidation = true });

    internal Utf8JsonWriter Writer { get; }

    internal ReadOnlySpan<byte> Written
    {
        get
        {
            Writer.Flush();
            return _bytes.WrittenSpan;
        }
    }

    internal static JsonBuffer Rent(JsonSerializerOptions options)
    {
        var buffer = _ofThread;
        if (buffer is null || buffer._bytes.Capacity > LargestKept || buffer.Writer.Options.Encoder != options.Encoder || buffer.Writer.Options.MaxDepth != options.MaxDepth)
        {
            return _ofThread = new JsonBuffer(options);
        }

        buffer._bytes.ResetWrittenCount();
        buffer.Writer.Reset(buffer._bytes);
        return buffer;
    }
}
