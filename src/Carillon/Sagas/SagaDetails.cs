namespace Carillon.Sagas;

/// <summary>One saga with its history.</summary>
/// <param name="Saga">The saga.</param>
/// <param name="Steps">What has happened, from its beginning.</param>
/// <param name="OpenTimeOuts">The names of the events that are dispatched later, unless it has ended by then.</param>
/// <param name="ToCompensate">The ids of the listeners that would be undone, the last one first.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record SagaDetails(SagaSnapshot Saga, IReadOnlyList<SagaEntry> Steps, IReadOnlyList<string> OpenTimeOuts, IReadOnlyList<string> ToCompensate);
