using Carillon.Listeners.Internal;

namespace Carillon.Listeners;

/// <summary>A lambda on its way to be a listener.</summary>
internal sealed class LambdaListener
{
    private static long _lastNumber;

    private readonly Delegate _handler;
    private readonly Func<string, ListenerInvoker> _createInvoker;
    private readonly bool _needsContext;

    private LambdaListener(Delegate handler, ListenerInvoker invoke, bool needsContext = false)
        : this(handler, _ => invoke, needsContext)
    {
    }

    /// <param name="handler">The lambda.</param>
    /// <param name="createInvoker">Makes what calls it, for a listener of this id: one that returns no task is told by its name.</param>
    /// <param name="needsContext">Whether it takes the context.</param>
    private LambdaListener(Delegate handler, Func<string, ListenerInvoker> createInvoker, bool needsContext = false)
    {
        ArgumentNullException.ThrowIfNull(handler);
        _handler = handler;
        _createInvoker = createInvoker;
        _needsContext = needsContext;
    }

    internal static LambdaListener Adapt<TEvent>(Action<TEvent> handler)
        where TEvent : notnull =>
        new(
            handler,
            (object @event, in ListenerCall _) =>
            {
                handler((TEvent)@event);
                return ValueTask.CompletedTask;
            });

    internal static LambdaListener Adapt<TEvent>(Func<TEvent, ValueTask> handler)
        where TEvent : notnull =>
        new(
            handler,
            (object @event, in ListenerCall _) => handler((TEvent)@event));

    internal static LambdaListener Adapt<TEvent>(Func<TEvent, Task> handler)
        where TEvent : notnull =>
        new(
            handler,
            id => (object @event, in ListenerCall _) => new ValueTask(handler((TEvent)@event) ?? throw ListenerCall.NoTask(id)));

    internal static LambdaListener Adapt<TEvent>(Func<TEvent, CancellationToken, ValueTask> handler)
        where TEvent : notnull =>
        new(
            handler,
            (object @event, in ListenerCall call) => handler((TEvent)@event, call.CancellationToken));

    internal static LambdaListener Adapt<TEvent>(Func<TEvent, CancellationToken, Task> handler)
        where TEvent : notnull =>
        new(
            handler,
            id => (object @event, in ListenerCall call) => new ValueTask(handler((TEvent)@event, call.CancellationToken) ?? throw ListenerCall.NoTask(id)));

    internal static LambdaListener Adapt<TEvent>(Func<TEvent, EventContext, CancellationToken, ValueTask> handler)
        where TEvent : notnull =>
        new(
            handler,
            (object @event, in ListenerCall call) => handler((TEvent)@event, call.Context!, call.CancellationToken),
            needsContext: true);

    internal static LambdaListener Adapt<TEvent>(Func<TEvent, EventContext, CancellationToken, Task> handler)
        where TEvent : notnull =>
        new(
            handler,
            id => (object @event, in ListenerCall call) => new ValueTask(handler((TEvent)@event, call.Context!, call.CancellationToken) ?? throw ListenerCall.NoTask(id)),
            needsContext: true);

    internal static LambdaListener AdaptResult<TEvent, TResult>(Func<TEvent, TResult> handler)
        where TEvent : notnull =>
        TaskResult.Of(typeof(TResult))
            ? throw new CarillonException(
                $"A listener of '{typeof(TEvent)}' has the result type '{typeof(TResult)}', which nobody would await. Name the type that comes out of it: "
                + "Listen<OrderPlaced, int>(async e => 1), or Listen<OrderPlaced>(...) for a listener without a result.")
            : new(
                handler,
                (object @event, in ListenerCall call) =>
                {
                    call.SetResult(handler((TEvent)@event));
                    return ValueTask.CompletedTask;
                });

    internal static LambdaListener AdaptResult<TEvent, TResult>(Func<TEvent, Task<TResult>> handler)
        where TEvent : notnull =>
        new(
            handler,
            id => (object @event, in ListenerCall call) => call.SetResultAsync(handler((TEvent)@event) ?? throw ListenerCall.NoTask(id)));

    internal static LambdaListener AdaptResult<TEvent, TResult>(Func<TEvent, ValueTask<TResult>> handler)
        where TEvent : notnull =>
        new(
            handler,
            (object @event, in ListenerCall call) => call.SetResultAsync(handler((TEvent)@event)));

    internal static LambdaListener AdaptResult<TEvent, TResult>(Func<TEvent, CancellationToken, Task<TResult>> handler)
        where TEvent : notnull =>
        new(
            handler,
            id => (object @event, in ListenerCall call) => call.SetResultAsync(handler((TEvent)@event, call.CancellationToken) ?? throw ListenerCall.NoTask(id)));

    internal static LambdaListener AdaptResult<TEvent, TResult>(Func<TEvent, CancellationToken, ValueTask<TResult>> handler)
        where TEvent : notnull =>
        new(
            handler,
            (object @event, in ListenerCall call) => call.SetResultAsync(handler((TEvent)@event, call.CancellationToken)));

    internal static LambdaListener AdaptResult<TEvent, TResult>(Func<TEvent, EventContext, CancellationToken, ValueTask<TResult>> handler)
        where TEvent : notnull =>
        new(
            handler,
            (object @event, in ListenerCall call) => call.SetResultAsync(handler((TEvent)@event, call.Context!, call.CancellationToken)),
            needsContext: true);

    internal Listener ToListener(Type eventType, ListenOptions options)
    {
        var id = options.Id ?? NextId(eventType, options.Delivery);
        return new Listener(id, eventType, _createInvoker(id), options)
        {
            NeedsContext = _needsContext,
            Handler = _handler,
        };
    }

    private static string NextId(Type eventType, Delivery delivery) =>
        delivery != Delivery.Durable
            ? $"lambda-{Interlocked.Increment(ref _lastNumber)}({eventType.Name})"
            : throw new CarillonException(
                $"A durable lambda listens to '{eventType}' without an id. Its deliveries outlive the process and must name it: set ListenOptions.Id.");
}
