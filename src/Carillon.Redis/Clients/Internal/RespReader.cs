using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Carillon.Redis.Clients.Internal;

/// <summary>Reads replies (RESP2, and the null of RESP3) from a stream.</summary>
/// <threadsafety>For one reader at a time.</threadsafety>
internal sealed class RespReader(Stream stream, RespLimits limits) : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _start;
    private int _end;
    private int _left;

    /// <exception cref="RespException">What comes is no reply, or exceeds the limits.</exception>
    /// <exception cref="EndOfStreamException">The server has closed the connection.</exception>
    internal ValueTask<RespValue> ReadAsync(CancellationToken cancellationToken)
    {
        _left = limits.MaxBytes;
        return ReadValueAsync(depth: 0, cancellationToken);
    }

    /// <summary>Not while a read is under way.</summary>
    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<RespValue> ReadValueAsync(int depth, CancellationToken cancellationToken)
    {
        var length = await FindLineAsync(cancellationToken).ConfigureAwait(false);
        var kind = length == 0 ? (byte)0 : _buffer[_start];
        switch (kind)
        {
            case (byte)'+':
                Charge(length);
                return RespValue.OfText(TakeText(length));
            case (byte)'-':
                Charge(length);
                return RespValue.OfError(TakeText(length));
            case (byte)':':
                return RespValue.OfNumber(TakeNumber(length));
            case (byte)'_':
                Skip(length);
                return default;
            case (byte)'$':
                return await ReadBytesAsync(TakeNumber(length), cancellationToken).ConfigureAwait(false);
            case (byte)'*':
                return await ReadListAsync(TakeNumber(length), depth, cancellationToken).ConfigureAwait(false);
            default:
                throw new RespException($"The server answered with a line that begins with the byte {kind}, which no reply does. Is it a Redis server, and does it want TLS?");
        }
    }

    private async ValueTask<RespValue> ReadBytesAsync(long length, CancellationToken cancellationToken)
    {
        if (length == -1)
        {
            return default;
        }

        Charge(length);
        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        var there = Math.Min(bytes.Length, _end - _start);
        _buffer.AsSpan(_start, there).CopyTo(bytes);
        _start += there;
        if (there < bytes.Length)
        {
            await stream.ReadExactlyAsync(bytes.AsMemory(there), cancellationToken).ConfigureAwait(false);
        }

        if (await FindLineAsync(cancellationToken).ConfigureAwait(false) != 0)
        {
            throw new RespException("The server sent more bytes than it had announced.");
        }

        Skip(0);
        return RespValue.OfBytes(bytes);
    }

    private async ValueTask<RespValue> ReadListAsync(long count, int depth, CancellationToken cancellationToken)
    {
        if (count == -1)
        {
            return default;
        }

        if (depth == limits.MaxDepth)
        {
            throw new RespException($"The server answered with lists in one another, more than {limits.MaxDepth} deep.");
        }

        Charge(count < 0 ? count : Math.Min(count, int.MaxValue) * RespLimits.BytesOfItem);
        var items = new RespValue[count];
        for (var place = 0; place < items.Length; place++)
        {
            items[place] = await ReadValueAsync(depth + 1, cancellationToken).ConfigureAwait(false);
        }

        return RespValue.OfList(items);
    }

    private void Charge(long bytes)
    {
        if (bytes < 0 || bytes > _left)
        {
            throw new RespException($"The server announced {bytes} bytes or their like; of the {limits.MaxBytes} that a reply may have, {_left} are left.");
        }

        _left -= (int)bytes;
    }

    /// <summary>How long the line is that comes next, its end not included. It is in the buffer then.</summary>
    private async ValueTask<int> FindLineAsync(CancellationToken cancellationToken)
    {
        var seen = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + seen, _end - _start - seen).IndexOf("\r\n"u8);
            if (found >= 0)
            {
                return seen + found;
            }

            // The first byte of the end may be there already.
            seen = Math.Max(0, _end - _start - 1);
            if (seen > limits.MaxLine)
            {
                throw new RespException($"The server answered with a line of more than {limits.MaxLine} bytes.");
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            MakeRoom();
        }

        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read > 0 ? read : throw new EndOfStreamException("The server has closed the connection.");
    }

    private void MakeRoom()
    {
        var rest = _end - _start;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, rest).CopyTo(_buffer);
        }
        else
        {
            // A line is no longer than its limit, so that this ends.
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, rest).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        (_start, _end) = (0, rest);
    }

    private string TakeText(int length)
    {
        var text = Encoding.UTF8.GetString(_buffer, _start + 1, length - 1);
        Skip(length);
        return text;
    }

    private long TakeNumber(int length)
    {
        var digits = _buffer.AsSpan(_start + 1, length - 1);
        if (!Utf8Parser.TryParse(digits, out long number, out var used) || used != digits.Length)
        {
            throw new RespException($"The server answered with '{Encoding.UTF8.GetString(digits[..Math.Min(digits.Length, 40)])}' where a number was expected.");
        }

        Skip(length);
        return number;
    }

    private void Skip(int length) => _start += length + 2;
}
