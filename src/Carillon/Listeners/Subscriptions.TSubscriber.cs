using System.Globalization;
using System.Runtime.CompilerServices;

namespace Carillon.Listeners;

/// <summary>Takes what a subscriber class listens to. Several methods may take one event, each at its priority.</summary>
/// <typeparam name="TSubscriber">The class.</typeparam>
/// <remarks>
/// The id of a listener is by default the class and the event, <c>OrderSubscriber.OrderPlaced</c>; from the second one of an event on with its number,
/// <c>OrderSubscriber.OrderPlaced-2</c>. A durable one is given an id, since its deliveries name it.
/// </remarks>
public sealed class Subscriptions<TSubscriber>
    where TSubscriber : class
{
    private readonly List<Listener> _all = [];

    internal Subscriptions()
    {
    }

    internal IReadOnlyList<Listener> All => _all;

    /// <summary>Subscribes to an event.</summary>
    /// <typeparam name="TEvent">The event; derived events reach the listener too.</typeparam>
    /// <param name="handler">Calls a method of the subscriber; what it returns is awaited.</param>
    /// <param name="configure">Place, delivery, id.</param>
    /// <exception cref="CarillonException">It is durable and has no id.</exception>
    public Subscriptions<TSubscriber> On<TEvent>(Action<TSubscriber, TEvent> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull => Add(Subscription<TSubscriber>.To(handler, configure));

    /// <inheritdoc cref="On{TEvent}(Action{TSubscriber, TEvent}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public Subscriptions<TSubscriber> On<TEvent>(Func<TSubscriber, TEvent, ValueTask> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull => Add(Subscription<TSubscriber>.To(handler, configure));

    /// <inheritdoc cref="On{TEvent}(Action{TSubscriber, TEvent}, Action{ListenOptions})"/>
    public Subscriptions<TSubscriber> On<TEvent>(Func<TSubscriber, TEvent, Task> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull => Add(Subscription<TSubscriber>.To(handler, configure));

    /// <inheritdoc cref="On{TEvent}(Action{TSubscriber, TEvent}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public Subscriptions<TSubscriber> On<TEvent>(Func<TSubscriber, TEvent, CancellationToken, ValueTask> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull => Add(Subscription<TSubscriber>.To(handler, configure));

    /// <inheritdoc cref="On{TEvent}(Action{TSubscriber, TEvent}, Action{ListenOptions})"/>
    public Subscriptions<TSubscriber> On<TEvent>(Func<TSubscriber, TEvent, CancellationToken, Task> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull => Add(Subscription<TSubscriber>.To(handler, configure));

    /// <inheritdoc cref="On{TEvent}(Action{TSubscriber, TEvent}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public Subscriptions<TSubscriber> On<TEvent>(
        Func<TSubscriber, TEvent, EventContext, CancellationToken, ValueTask> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull => Add(Subscription<TSubscriber>.To(handler, configure));

    /// <summary>Adds an entry of a map.</summary>
    public Subscriptions<TSubscriber> Add(Subscription<TSubscriber> subscription)
    {
        ArgumentNullException.ThrowIfNull(subscription);
        _all.Add(subscription.ToListener(NextId(subscription.EventType)));
        return this;
    }

    private string NextId(Type eventType)
    {
        var id = $"{typeof(TSubscriber).Name}.{eventType.Name}";
        var number = _all.Count(listener => listener.EventType == eventType) + 1;
        return number == 1 ? id : string.Create(CultureInfo.InvariantCulture, $"{id}-{number}");
    }
}
