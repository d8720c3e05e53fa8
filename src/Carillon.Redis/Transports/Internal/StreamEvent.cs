using Carillon.Transports;

namespace Carillon.Redis.Transports.Internal;

/// <summary>An event that a receiver has in hand.</summary>
/// <param name="Entry">Its place in the stream.</param>
/// <param name="Key">The key whose order it is in, byte by byte as the server knows it; empty if it has none.</param>
/// <param name="Incoming">The event.</param>
internal sealed record StreamEvent(string Entry, ReadOnlyMemory<byte> Key, IncomingEvent Incoming);
