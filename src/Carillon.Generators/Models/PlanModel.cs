namespace Carillon.Generators.Models;

/// <summary>An event whose listeners are all inline.</summary>
/// <param name="Event">The event.</param>
/// <param name="Listeners">Its listeners, in order.</param>
/// <param name="Called">Those that are called: up to the first that stops the rest.</param>
/// <param name="Name">The name under which such payloads are emitted; null for the event of the type.</param>
internal sealed record PlanModel(EventModel Event, EquatableArray<ListenerModel> Listeners, EquatableArray<ListenerModel> Called, string? Name);
