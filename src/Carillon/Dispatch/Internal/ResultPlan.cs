namespace Carillon.Dispatch.Internal;

/// <summary>A plan over listeners whose results are wanted.</summary>
internal sealed class ResultPlan(ListenerSequence listeners) : EventPlan
{
    internal override ValueTask InvokeObjectAsync(object @event, DispatchScope scope, CancellationToken cancellationToken)
    {
        var wanting = (ResultScope)scope;
        return listeners.InvokeAsync(@event, wanting.Dispatcher, wanting.Results, cancellationToken);
    }
}
