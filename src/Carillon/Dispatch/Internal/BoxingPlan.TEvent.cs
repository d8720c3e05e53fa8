namespace Carillon.Dispatch.Internal;

/// <summary>A plan that takes objects, for calls that know the type.</summary>
internal sealed class BoxingPlan<TEvent>(EventPlan plan) : EventPlan<TEvent>
    where TEvent : notnull
{
    internal override bool IsEmpty => plan.IsEmpty;

    public override ValueTask InvokeAsync(TEvent @event, DispatchScope scope, CancellationToken cancellationToken) =>
        plan.InvokeObjectAsync(@event, scope, cancellationToken);

    internal override ValueTask InvokeObjectAsync(object @event, DispatchScope scope, CancellationToken cancellationToken) =>
        plan.InvokeObjectAsync(@event, scope, cancellationToken);
}
