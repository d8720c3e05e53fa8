namespace Carillon.Generators.Models;

/// <summary>An event whose listeners are all inline, with these listeners in the order in which they are called.</summary>
internal sealed record PlanModel(EventModel Event, EquatableArray<ListenerModel> Listeners);
