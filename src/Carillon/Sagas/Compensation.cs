using System.Text.Json.Serialization;

namespace Carillon.Sagas;

/// <summary>That a step of a saga is to be undone: the first parameter of a method with <see cref="CompensatesAttribute"/>.</summary>
/// <param name="Saga">The name of the saga.</param>
/// <param name="Key">Which one.</param>
/// <param name="Step">The id of the listener that is undone.</param>
/// <param name="Reason">Why the saga has given up.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record Compensation(
    [property: JsonPropertyName("saga")] string Saga,
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("step")] string Step,
    [property: JsonPropertyName("reason")] string Reason);
