namespace Carillon.Dispatch.Internal;

/// <summary>The same as <see cref="ChainPlan"/> for calls that know the type.</summary>
internal sealed class ChainPlan<TEvent>(ChainLink link, ChainFlow flow, EventPlan<TEvent> inner) : EventPlan<TEvent>
    where TEvent : notnull
{
    internal override bool IsEmpty => inner.IsEmpty;

    public override ValueTask InvokeAsync(TEvent @event, DispatchScope scope, CancellationToken cancellationToken)
    {
        var dispatcher = (EventDispatcher)scope;
        if (!dispatcher.Chain.TryPush(link, flow.StackLength))
        {
            return FollowAsync(@event, dispatcher, cancellationToken);
        }

        ValueTask running;
        try
        {
            running = inner.InvokeAsync(@event, dispatcher, cancellationToken);
        }
        catch
        {
            dispatcher.Chain.Pop();
            throw;
        }

        return EventDispatcher.PopAfter(running, dispatcher);
    }

    private async ValueTask FollowAsync(TEvent @event, EventDispatcher dispatcher, CancellationToken cancellationToken)
    {
        var followed = flow.Enter(link, dispatcher);
        try
        {
            await inner.InvokeAsync(@event, dispatcher, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            followed.HasEnded = true;
        }
    }
}
