namespace Carillon.Dispatch.Internal;

/// <summary>A plan over listeners that are known at run time.</summary>
internal sealed class ListenerPlan<TEvent>(ListenerSequence listeners) : EventPlan<TEvent>
    where TEvent : notnull
{
    public override ValueTask InvokeAsync(TEvent @event, DispatchScope scope, CancellationToken cancellationToken) =>
        listeners.InvokeAsync(@event, (EventDispatcher)scope, results: null, cancellationToken);
}
