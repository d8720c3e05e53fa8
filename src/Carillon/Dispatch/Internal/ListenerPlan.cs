namespace Carillon.Dispatch.Internal;

/// <summary>A plan over listeners that are known at run time, for calls that know the type only at run time too.</summary>
/// <param name="listeners">The listeners; null if there are none.</param>
internal sealed class ListenerPlan(ListenerSequence? listeners) : EventPlan
{
    internal ListenerSequence? Listeners => listeners;

    internal override bool IsEmpty => listeners is null;

    internal override ValueTask InvokeObjectAsync(object @event, DispatchScope scope, CancellationToken cancellationToken) =>
        listeners?.InvokeAsync(@event, (EventDispatcher)scope, cancellationToken) ?? ValueTask.CompletedTask;
}
