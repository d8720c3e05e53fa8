using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Carillon.Redis.Clients.Internal;

/// <summary>A command and what goes with it. Bytes are not copied before it is sent.</summary>
internal sealed class RedisCommand
{
    private readonly List<Argument> _arguments = [];

    internal RedisCommand(string name) => Add(name);

    internal RedisCommand Add(string text)
    {
        _arguments.Add(new Argument(text, default));
        return this;
    }

    internal RedisCommand Add(ReadOnlyMemory<byte> bytes)
    {
        _arguments.Add(new Argument(null, bytes));
        return this;
    }

    internal RedisCommand Add(long number) => Add(number.ToString(CultureInfo.InvariantCulture));

    internal void WriteTo(CommandBuffer buffer)
    {
        buffer.WriteLine('*', _arguments.Count);
        foreach (var (text, bytes) in CollectionsMarshal.AsSpan(_arguments))
        {
            buffer.WriteLine('$', text is null ? bytes.Length : Encoding.UTF8.GetByteCount(text));
            if (text is null)
            {
                buffer.Write(bytes.Span);
            }
            else
            {
                buffer.Write(text);
            }

            buffer.Write("\r\n"u8);
        }
    }

    private readonly record struct Argument(string? Text, ReadOnlyMemory<byte> Bytes);
}
