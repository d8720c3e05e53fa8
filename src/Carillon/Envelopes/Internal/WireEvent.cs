namespace Carillon.Envelopes.Internal;

/// <summary>An event in the form in which it is sent.</summary>
internal readonly record struct WireEvent(string ContentType, EventHeader[] Headers, ReadOnlyMemory<byte> Body);
