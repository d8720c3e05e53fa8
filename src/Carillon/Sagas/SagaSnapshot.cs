namespace Carillon.Sagas;

/// <summary>One saga at the moment it was looked at.</summary>
/// <param name="Saga">Its name.</param>
/// <param name="Key">Which one.</param>
/// <param name="Status">How far it is.</param>
/// <param name="Version">How many steps it has taken.</param>
/// <param name="StateVersion">With which version of its type the state was written.</param>
/// <param name="State">The state, as JSON.</param>
/// <param name="Reason">Why it has given up; null if it has not.</param>
/// <param name="StartedAt">When it began (UTC).</param>
/// <param name="UpdatedAt">When it took its last step (UTC).</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record SagaSnapshot(
    string Saga, string Key, SagaStatus Status, long Version, int StateVersion, string State, string? Reason, DateTimeOffset StartedAt, DateTimeOffset UpdatedAt);
