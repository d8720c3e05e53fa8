namespace Carillon.Generators.Models;

/// <summary>A parameter after the event.</summary>
/// <param name="Source">Where its argument comes from.</param>
/// <param name="TypeName">Its type.</param>
/// <param name="Key">The key of a keyed service, as an expression; null for an ordinary one.</param>
/// <param name="Fallback">What an optional service that is missing is replaced by, as an expression.</param>
internal sealed record ArgumentModel(ArgumentSource Source, string TypeName, string? Key, string Fallback);
