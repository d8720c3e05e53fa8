namespace Carillon.Envelopes.Internal;

/// <summary>An event as it was read off the wire.</summary>
/// <param name="Envelope">What Carillon knows of an event. Its bytes are its own.</param>
/// <param name="Source">Who has sent it.</param>
/// <param name="Key">The key whose order is kept; null if it has none.</param>
internal sealed record CloudEvent(Envelope Envelope, string Source, string? Key);
