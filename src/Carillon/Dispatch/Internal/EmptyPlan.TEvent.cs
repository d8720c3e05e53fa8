namespace Carillon.Dispatch.Internal;

/// <summary>The plan of an event to which nobody listens.</summary>
internal sealed class EmptyPlan<TEvent> : EventPlan<TEvent>
    where TEvent : notnull
{
    internal override bool IsEmpty => true;

    public override ValueTask InvokeAsync(TEvent @event, DispatchScope scope, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
