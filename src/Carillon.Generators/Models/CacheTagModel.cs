namespace Carillon.Generators.Models;

/// <summary>A tag of cache entries that an event makes stale.</summary>
/// <param name="Template">As it was written.</param>
/// <param name="Code">The arguments that make the text of it, of an event called @event; null if the template cannot be.</param>
/// <param name="Fault">What is wrong then.</param>
/// <param name="Durable">Whether it is done by a durable listener.</param>
internal sealed record CacheTagModel(string Template, string? Code, string? Fault, bool Durable);
