namespace Carillon.Dispatch.Internal;

/// <summary>A plan over listeners that are known at run time, for calls that know the type only at run time too.</summary>
internal sealed class ListenerPlan(ListenerSequence listeners) : EventPlan
{
    internal override ValueTask InvokeObjectAsync(object @event, DispatchScope scope, CancellationToken cancellationToken) =>
        listeners.InvokeAsync(@event, (EventDispatcher)scope, results: null, cancellationToken);
}
