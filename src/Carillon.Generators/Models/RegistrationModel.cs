namespace Carillon.Generators.Models;

/// <summary>Everything that is written for an assembly.</summary>
internal sealed record RegistrationModel(
    AssemblyModel Assembly, EquatableArray<ListenerModel> Listeners, EquatableArray<EventModel> Events, EquatableArray<PlanModel> Plans);
