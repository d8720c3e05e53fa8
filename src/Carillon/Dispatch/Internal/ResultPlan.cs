namespace Carillon.Dispatch.Internal;

/// <summary>A plan over listeners for dispatches that bring something in beside the event: a collector of results, options of deliveries.</summary>
internal sealed class ResultPlan(ListenerSequence listeners) : EventPlan
{
    internal override ValueTask InvokeObjectAsync(object @event, DispatchScope scope, CancellationToken cancellationToken) =>
        listeners.InvokeAsync(@event, (ResultScope)scope, cancellationToken);
}
