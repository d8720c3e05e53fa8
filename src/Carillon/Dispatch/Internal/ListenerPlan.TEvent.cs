namespace Carillon.Dispatch.Internal;

/// <summary>A plan over listeners that are known at run time.</summary>
internal sealed class ListenerPlan<TEvent>(ListenerSequence listeners) : EventPlan<TEvent>
    where TEvent : notnull
{
    /// <summary>The same plan for calls that know the type.</summary>
    internal static EventPlan<TEvent> Of(ListenerPlan plan) => plan.Listeners is { } listeners ? new ListenerPlan<TEvent>(listeners) : new EmptyPlan<TEvent>();

    public override ValueTask InvokeAsync(TEvent @event, DispatchScope scope, CancellationToken cancellationToken) =>
        listeners.InvokeAsync(@event, (EventDispatcher)scope, cancellationToken);
}
