using Carillon.Middleware;

namespace Carillon.Dispatch.Internal;

/// <summary>The outermost middleware, for calls that know the type. A struct is boxed here, once.</summary>
internal sealed class MiddlewarePlan<TEvent>(MiddlewareStep first) : EventPlan<TEvent>
    where TEvent : notnull
{
    // Held here as well as in the step: one object less to go through at each dispatch.
    private readonly IEventMiddleware? _kept = first.Kept;

    internal override bool IsEmpty => first.IsEmpty;

    public override ValueTask InvokeAsync(TEvent @event, DispatchScope scope, CancellationToken cancellationToken)
    {
        object boxed = @event;
        return _kept is { } kept
            ? kept.InvokeAsync(boxed, new EventNext(first, boxed, scope), cancellationToken)
            : first.InvokeObjectAsync(boxed, scope, cancellationToken);
    }

    internal override ValueTask InvokeObjectAsync(object @event, DispatchScope scope, CancellationToken cancellationToken) =>
        first.InvokeObjectAsync(@event, scope, cancellationToken);
}
