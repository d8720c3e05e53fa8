namespace Carillon.Sagas;

/// <summary>A saga that a step has found.</summary>
/// <param name="Instance">The saga.</param>
/// <param name="HasTaken">Whether this step has taken this event before.</param>
public sealed record FoundSaga(SagaInstance Instance, bool HasTaken);
