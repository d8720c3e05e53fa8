namespace Carillon.Middleware.Internal;

/// <summary>Lambdas as middleware.</summary>
internal static class LambdaMiddleware
{
    internal sealed class AroundDispatch(Func<object, EventNext, CancellationToken, ValueTask> invoke) : IEventMiddleware
    {
        public ValueTask InvokeAsync(object @event, EventNext next, CancellationToken cancellationToken) => invoke(@event, next, cancellationToken);
    }

    internal sealed class AroundDispatch<TEvent>(Func<TEvent, EventNext, CancellationToken, ValueTask> invoke) : IEventMiddleware
        where TEvent : notnull
    {
        public ValueTask InvokeAsync(object @event, EventNext next, CancellationToken cancellationToken) => invoke((TEvent)@event, next, cancellationToken);
    }

    internal sealed class AroundListeners(Func<object, ListenerNext, CancellationToken, ValueTask> invoke) : IListenerMiddleware
    {
        public ValueTask InvokeAsync(object @event, ListenerNext next, CancellationToken cancellationToken) => invoke(@event, next, cancellationToken);
    }
}
