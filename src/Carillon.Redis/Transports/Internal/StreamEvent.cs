using Carillon.Transports;
using Carillon.Transports.Internal;

namespace Carillon.Redis.Transports.Internal;

/// <summary>An event of a stream.</summary>
/// <param name="entry">Its place in the stream.</param>
/// <param name="key">The key whose order it is in, byte by byte as the server knows it; empty if it has none.</param>
/// <param name="incoming">The event.</param>
internal sealed class StreamEvent(string entry, ReadOnlyMemory<byte> key, IncomingEvent incoming) : HeldEvent(incoming)
{
    internal string Entry => entry;

    internal ReadOnlyMemory<byte> Key => key;
}
