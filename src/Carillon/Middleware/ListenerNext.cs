using Carillon.Listeners;
using Carillon.Middleware.Internal;

namespace Carillon.Middleware;

/// <summary>What comes after an <see cref="IListenerMiddleware"/> in one call of a listener. Valid until that call has ended.</summary>
public readonly struct ListenerNext
{
    private readonly ListenerStep _step;
    private readonly object _event;
    private readonly ListenerCall _call;

    internal ListenerNext(ListenerStep step, object @event, in ListenerCall call)
    {
        _step = step;
        _event = @event;
        _call = call;
    }

    /// <summary>The listener.</summary>
    public Listener Listener => _step.Listener;

    /// <summary>The name of the event, <c>order.placed</c>.</summary>
    public string EventName => _step.EventName;

    /// <summary>Which attempt of a durable listener this is, counted from 1. Always 1 for any other listener.</summary>
    public int Attempt => _call.Attempt;

    /// <summary>The scope in which the listener runs.</summary>
    public IServiceProvider Services => _call.Services;

    /// <summary>Runs what comes after. Await what it returns, once.</summary>
    /// <param name="cancellationToken">Handed on to the middleware after this one and to the listener; its <see cref="EventContext"/> keeps that of the dispatch.</param>
    public ValueTask InvokeAsync(CancellationToken cancellationToken)
    {
        var call = _call.With(cancellationToken);
        return _step.Next(_event, in call);
    }
}
