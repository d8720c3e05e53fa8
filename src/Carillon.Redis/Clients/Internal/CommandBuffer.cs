using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Carillon.Redis.Clients.Internal;

/// <summary>Commands on their way out, as bytes in pooled memory.</summary>
/// <threadsafety>For one writer at a time.</threadsafety>
internal sealed class CommandBuffer
{
    // What was needed once for a large event is not kept for ever.
    private const int MaxKept = 256 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(4 * 1024);
    private int _length;

    internal bool IsEmpty => _length == 0;

    internal ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    internal void WriteLine(char kind, long number)
    {
        var room = Reserve(24);
        room[0] = (byte)kind;
        Utf8Formatter.TryFormat(number, room[1..], out var digits);
        "\r\n"u8.CopyTo(room[(digits + 1)..]);
        _length += digits + 3;
    }

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    internal void Write(string text) => _length += Encoding.UTF8.GetBytes(text, Reserve(Encoding.UTF8.GetMaxByteCount(text.Length)));

    internal void Clear()
    {
        _length = 0;
        if (_bytes.Length > MaxKept)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = ArrayPool<byte>.Shared.Rent(4 * 1024);
        }
    }

    private Span<byte> Reserve(int size)
    {
        if (_bytes.Length - _length < size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, checked(_length + size)));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsSpan(_length);
    }
}
