using Carillon.Dispatch;
using Carillon.Dispatch.Internal;

namespace Carillon.Middleware;

/// <summary>What comes after an <see cref="IEventMiddleware"/> in one dispatch. Valid until that dispatch has ended.</summary>
public readonly struct EventNext
{
    private readonly MiddlewareStep _step;
    private readonly object _event;
    private readonly DispatchScope _scope;

    internal EventNext(MiddlewareStep step, object @event, DispatchScope scope)
    {
        _step = step;
        _event = @event;
        _scope = scope;
    }

    /// <summary>The name of the event, <c>order.placed</c>.</summary>
    public string EventName => _step.EventName;

    // Not for everybody: from here a middleware that is a singleton could dispatch without being a link of the chain.
    internal IServiceProvider Services => _scope.Services;

    /// <summary>
    /// Has somebody told how the unit of work ends to which this dispatch belongs: <see cref="Delivery.AfterCommit"/> or <see cref="Delivery.AfterRollback"/>, neither if a failed commit
    /// leaves it open, and then <see cref="Delivery.AfterCompletion"/> in any case. A rollback to a savepoint counts as one, and is told of when the whole has ended.
    /// </summary>
    /// <param name="tell">Called in each phase. What it throws is logged and changes nothing.</param>
    /// <returns>False if the dispatch belongs to no unit of work: nothing is told then, and what it has done is done when it ends.</returns>
    public bool TryWatchEnd(Action<Delivery> tell)
    {
        ArgumentNullException.ThrowIfNull(tell);
        return _step.TryWatchEnd(_event, _scope, tell);
    }

    /// <summary>Runs what comes after. Await what it returns, once.</summary>
    /// <param name="cancellationToken">Handed on to the middleware and listeners after this one.</param>
    public ValueTask InvokeAsync(CancellationToken cancellationToken) => _step.NextAsync(_event, _scope, cancellationToken);
}
