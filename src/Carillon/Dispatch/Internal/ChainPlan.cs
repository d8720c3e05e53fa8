namespace Carillon.Dispatch.Internal;

/// <summary>Makes each dispatch of a plan a link of the chain, for a plan whose listeners or middleware may dispatch further events.</summary>
internal sealed class ChainPlan(ChainLink link, ChainFlow flow, EventPlan inner) : EventPlan
{
    internal ChainLink Link => link;

    internal ChainFlow Flow => flow;

    internal EventPlan Inner => inner;

    internal override bool IsEmpty => inner.IsEmpty;

    internal override ValueTask InvokeObjectAsync(object @event, DispatchScope scope, CancellationToken cancellationToken)
    {
        var dispatcher = scope as EventDispatcher ?? ((ResultScope)scope).Dispatcher;
        if (!dispatcher.Chain.TryPush(link, flow.StackLength))
        {
            return FollowAsync(@event, dispatcher, scope, cancellationToken);
        }

        ValueTask running;
        try
        {
            running = inner.InvokeObjectAsync(@event, scope, cancellationToken);
        }
        catch
        {
            dispatcher.Chain.Pop();
            throw;
        }

        return EventDispatcher.PopAfter(running, dispatcher);
    }

    private async ValueTask FollowAsync(object @event, EventDispatcher dispatcher, DispatchScope scope, CancellationToken cancellationToken)
    {
        var followed = flow.Enter(link, dispatcher);
        try
        {
            await inner.InvokeObjectAsync(@event, scope, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            followed.HasEnded = true;
        }
    }
}
