namespace Carillon.EventSourcing;

/// <summary>Where events have come to lie.</summary>
/// <param name="Version">The version of the stream now: that of the last event.</param>
/// <param name="Position">The position of the last event among all of the store.</param>
public readonly record struct AppendResult(long Version, long Position);
