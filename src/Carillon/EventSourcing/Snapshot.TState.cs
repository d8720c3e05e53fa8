namespace Carillon.EventSourcing;

/// <summary>What a stream comes to at one of its versions.</summary>
/// <param name="State">The state.</param>
/// <param name="Version">The version of the last event that is in it: go on reading behind it.</param>
/// <param name="Time">When it was taken (UTC).</param>
public sealed record Snapshot<TState>(TState State, long Version, DateTimeOffset Time);
