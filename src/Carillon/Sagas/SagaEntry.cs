namespace Carillon.Sagas;

/// <summary>One step in the history of a saga.</summary>
/// <param name="Version">The version of the saga that it has made, from 1.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Step">The id of the listener.</param>
/// <param name="EventName">The event that it took.</param>
/// <param name="EventId">The id of the event.</param>
/// <param name="Status">How far the saga was after it.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record SagaEntry(long Version, DateTimeOffset At, string Step, string EventName, Guid EventId, SagaStatus Status);
