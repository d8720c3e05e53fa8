using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Listeners;

/// <summary>One entry of a subscriber's map: an event, and the method that takes it.</summary>
/// <typeparam name="TSubscriber">The class whose method it is.</typeparam>
public sealed class Subscription<TSubscriber>
    where TSubscriber : class
{
    private readonly Func<string, ListenerInvoker> _createInvoker;
    private readonly ListenOptions _options = new();
    private readonly bool _needsContext;

    private Subscription(Type eventType, Delegate handler, ListenerInvoker invoke, Action<ListenOptions>? configure, bool needsContext = false)
        : this(eventType, handler, _ => invoke, configure, needsContext)
    {
    }

    // By its id a listener that returns no task is told.
    private Subscription(Type eventType, Delegate handler, Func<string, ListenerInvoker> createInvoker, Action<ListenOptions>? configure, bool needsContext = false)
    {
        ArgumentNullException.ThrowIfNull(handler);
        EventType = eventType;
        _createInvoker = createInvoker;
        _needsContext = needsContext;
        configure?.Invoke(_options);
    }

    internal Type EventType { get; }

#pragma warning disable CA1000 // The type argument is the subscriber's own name, said once, in the type of its map.
    /// <summary>An event and the method that takes it.</summary>
    /// <typeparam name="TEvent">The event; derived events reach the listener too.</typeparam>
    /// <param name="handler">Calls a method of the subscriber; what it returns is awaited.</param>
    /// <param name="configure">Place, delivery, id.</param>
    public static Subscription<TSubscriber> To<TEvent>(Action<TSubscriber, TEvent> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        new(
            typeof(TEvent),
            handler,
            (object @event, in ListenerCall call) =>
            {
                handler(Of(in call), (TEvent)@event);
                return ValueTask.CompletedTask;
            },
            configure);

    /// <inheritdoc cref="To{TEvent}(Action{TSubscriber, TEvent}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public static Subscription<TSubscriber> To<TEvent>(Func<TSubscriber, TEvent, ValueTask> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        new(typeof(TEvent), handler, (object @event, in ListenerCall call) => handler(Of(in call), (TEvent)@event), configure);

    /// <inheritdoc cref="To{TEvent}(Action{TSubscriber, TEvent}, Action{ListenOptions})"/>
    public static Subscription<TSubscriber> To<TEvent>(Func<TSubscriber, TEvent, Task> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        new(
            typeof(TEvent),
            handler,
            id => (object @event, in ListenerCall call) => new ValueTask(handler(Of(in call), (TEvent)@event) ?? throw ListenerCall.NoTask(id)),
            configure);

    /// <inheritdoc cref="To{TEvent}(Action{TSubscriber, TEvent}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public static Subscription<TSubscriber> To<TEvent>(
        Func<TSubscriber, TEvent, CancellationToken, ValueTask> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        new(typeof(TEvent), handler, (object @event, in ListenerCall call) => handler(Of(in call), (TEvent)@event, call.CancellationToken), configure);

    /// <inheritdoc cref="To{TEvent}(Action{TSubscriber, TEvent}, Action{ListenOptions})"/>
    public static Subscription<TSubscriber> To<TEvent>(Func<TSubscriber, TEvent, CancellationToken, Task> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        new(
            typeof(TEvent),
            handler,
            id => (object @event, in ListenerCall call) => new ValueTask(handler(Of(in call), (TEvent)@event, call.CancellationToken) ?? throw ListenerCall.NoTask(id)),
            configure);

    /// <inheritdoc cref="To{TEvent}(Action{TSubscriber, TEvent}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public static Subscription<TSubscriber> To<TEvent>(
        Func<TSubscriber, TEvent, EventContext, CancellationToken, ValueTask> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        new(
            typeof(TEvent),
            handler,
            (object @event, in ListenerCall call) => handler(Of(in call), (TEvent)@event, call.Context!, call.CancellationToken),
            configure,
            needsContext: true);
#pragma warning restore CA1000

    internal Listener ToListener(string suggestedId)
    {
        var id = _options.Id ?? IdOr(suggestedId);
        return new Listener(id, EventType, _createInvoker(id), _options)
        {
            NeedsContext = _needsContext,
            Dependencies = [new ListenerDependency(typeof(TSubscriber))],
        };
    }

    private string IdOr(string id) =>
        _options.Delivery != Delivery.Durable
            ? id
            : throw new CarillonException(
                $"The subscriber '{typeof(TSubscriber)}' listens durably to '{EventType}' without an id. Its deliveries outlive the process and must name the "
                + "listener: set ListenOptions.Id.");

    private static TSubscriber Of(in ListenerCall call) => call.Services.GetRequiredService<TSubscriber>();
}
