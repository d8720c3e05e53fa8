namespace Carillon.Dispatch.Internal;

/// <summary>Makes of a plan that takes objects one for calls that know the type.</summary>
internal static class TypedPlan<TEvent>
    where TEvent : notnull
{
    internal static EventPlan<TEvent> Of(EventPlan plan) => plan switch
    {
        EventPlan<TEvent> typed => typed,
        ListenerPlan listeners => ListenerPlan<TEvent>.Of(listeners),
        ChainPlan chain => new ChainPlan<TEvent>(chain.Link, chain.Flow, Of(chain.Inner)),
        MiddlewareStep step => new MiddlewarePlan<TEvent>(step),
        _ => new BoxingPlan<TEvent>(plan),
    };
}
