namespace Carillon.Dispatch.Internal;

/// <summary>The plan of named events, which all are of one type: each finds the plan of its name.</summary>
internal sealed class NamedEventPlan : EventPlan<NamedEvent>
{
    public override ValueTask InvokeAsync(NamedEvent @event, DispatchScope scope, CancellationToken cancellationToken) =>
        ((EventDispatcher)scope).DispatchNamedAsync(@event, cancellationToken);
}
