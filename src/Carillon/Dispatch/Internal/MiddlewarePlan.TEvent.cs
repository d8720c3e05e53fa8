namespace Carillon.Dispatch.Internal;

/// <summary>The outermost middleware, for calls that know the type. A struct is boxed here, once.</summary>
internal sealed class MiddlewarePlan<TEvent>(MiddlewareStep first) : EventPlan<TEvent>
    where TEvent : notnull
{
    internal override bool IsEmpty => first.IsEmpty;

    public override ValueTask InvokeAsync(TEvent @event, DispatchScope scope, CancellationToken cancellationToken) =>
        first.InvokeObjectAsync(@event, scope, cancellationToken);

    internal override ValueTask InvokeObjectAsync(object @event, DispatchScope scope, CancellationToken cancellationToken) =>
        first.InvokeObjectAsync(@event, scope, cancellationToken);
}
