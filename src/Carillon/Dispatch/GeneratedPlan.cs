namespace Carillon.Dispatch;

/// <summary>A plan that the source generator has written: straight-line calls of exactly these inline listeners.</summary>
/// <param name="EventType">The exact type of the events.</param>
/// <param name="ListenerIds">The listeners, in the order in which the plan calls them. The plan is used only while these are all there are.</param>
/// <param name="Create">Makes the plan, at the first dispatch of such an event.</param>
public sealed record GeneratedPlan(Type EventType, IReadOnlyList<string> ListenerIds, Func<ServiceLifetimes, EventPlan> Create)
{
    /// <summary>The name under which such events are emitted, if it is not that of their type; null for the events of the type.</summary>
    public string? Name { get; init; }
}
