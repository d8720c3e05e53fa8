namespace Carillon.Generators.Models;

/// <summary>What a method of a saga says beside what every listener says.</summary>
/// <param name="Name">The name of the saga in the store.</param>
/// <param name="Version">The version of its state.</param>
/// <param name="IgnoresEarly">Whether an event that finds no saga is left out.</param>
/// <param name="Kind">A member of Carillon.Sagas.SagaStepKind.</param>
/// <param name="StateTypeName">What it keeps.</param>
/// <param name="KeyPath">How the key is read off the event, <c>.OrderId</c>; null for one that compensates.</param>
/// <param name="Compensates">The id of the listener that it undoes; null if it undoes none.</param>
internal sealed record SagaModel(string Name, int Version, bool IgnoresEarly, string Kind, string StateTypeName, string? KeyPath, string? Compensates);
