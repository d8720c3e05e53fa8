namespace Carillon.Listeners;

/// <summary>Turns lambdas into listeners.</summary>
internal static class LambdaListener
{
    private static long _lastNumber;

    internal static Listener Create<TEvent>(Action<TEvent> handler, ListenOptions options)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Create<TEvent>(
            handler,
            (object @event, in ListenerCall _) =>
            {
                handler((TEvent)@event);
                return ValueTask.CompletedTask;
            },
            options,
            needsContext: false);
    }

    internal static Listener Create<TEvent>(Func<TEvent, CancellationToken, ValueTask> handler, ListenOptions options)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Create<TEvent>(handler, (object @event, in ListenerCall call) => handler((TEvent)@event, call.CancellationToken), options, needsContext: false);
    }

    internal static Listener Create<TEvent>(Func<TEvent, EventContext, ValueTask> handler, ListenOptions options)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Create<TEvent>(handler, (object @event, in ListenerCall call) => handler((TEvent)@event, call.Context!), options, needsContext: true);
    }

    private static Listener Create<TEvent>(Delegate handler, ListenerInvoker invoke, ListenOptions options, bool needsContext) =>
        new(options.Id ?? NextId<TEvent>(options.Delivery), typeof(TEvent), invoke)
        {
            Delivery = options.Delivery,
            Priority = options.Priority,
            MaxAttempts = options.MaxAttempts,
            NeedsContext = needsContext,
            Handler = handler,
        };

    private static string NextId<TEvent>(Delivery delivery) =>
        delivery == Delivery.Inline
            ? $"lambda-{Interlocked.Increment(ref _lastNumber)}({typeof(TEvent).Name})"
            : throw new CarillonException(
                $"A durable lambda listens to '{typeof(TEvent)}' without an id. Its deliveries outlive the process and must name it: set ListenOptions.Id.");
}
