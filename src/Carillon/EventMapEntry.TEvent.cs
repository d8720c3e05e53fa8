using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon;

/// <summary>The listeners of one event in a map.</summary>
/// <typeparam name="TEvent">The event.</typeparam>
public sealed class EventMapEntry<TEvent>
    where TEvent : notnull
{
    private readonly EventMap _map;
    private readonly CarillonBuilder _builder;

    internal EventMapEntry(EventMap map, CarillonBuilder builder)
    {
        _map = map;
        _builder = builder;
    }

    /// <summary>The listeners of another event follow.</summary>
    /// <typeparam name="TOther">The event.</typeparam>
    public EventMapEntry<TOther> On<TOther>()
        where TOther : notnull => _map.On<TOther>();

    /// <summary>Calls a class that implements <see cref="IListener{TEvent}"/> for this event, a base class or an interface of it.</summary>
    /// <typeparam name="TListener">The class; added to the services as scoped, unless it is there already.</typeparam>
    /// <param name="configure">Its place, its delivery, its id (by default the name of the class).</param>
    public EventMapEntry<TEvent> Call<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TListener>(
        Action<ListenOptions>? configure = null)
        where TListener : class, IListener<TEvent>
    {
        _builder.AddListener<TListener, TEvent>(configure);
        return this;
    }

    /// <summary>Calls a method of any class: <c>Call&lt;Stock&gt;((stock, e) =&gt; stock.Reserve(e.Sku))</c>.</summary>
    /// <typeparam name="TTarget">The class; added to the services as scoped, unless it is there already.</typeparam>
    /// <param name="handler">Calls the method; what it returns is awaited.</param>
    /// <param name="configure">Its place, its delivery, its id (by default the class and the event, <c>Stock.OrderPlaced</c>).</param>
    /// <exception cref="CarillonException">It is durable and has no id.</exception>
    public EventMapEntry<TEvent> Call<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTarget>(
        Action<TTarget, TEvent> handler, Action<ListenOptions>? configure = null)
        where TTarget : class => Add(Subscription<TTarget>.To(handler, configure));

    /// <inheritdoc cref="Call{TTarget}(Action{TTarget, TEvent}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public EventMapEntry<TEvent> Call<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTarget>(
        Func<TTarget, TEvent, ValueTask> handler, Action<ListenOptions>? configure = null)
        where TTarget : class => Add(Subscription<TTarget>.To(handler, configure));

    /// <inheritdoc cref="Call{TTarget}(Action{TTarget, TEvent}, Action{ListenOptions})"/>
    public EventMapEntry<TEvent> Call<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTarget>(
        Func<TTarget, TEvent, Task> handler, Action<ListenOptions>? configure = null)
        where TTarget : class => Add(Subscription<TTarget>.To(handler, configure));

    /// <inheritdoc cref="Call{TTarget}(Action{TTarget, TEvent}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public EventMapEntry<TEvent> Call<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTarget>(
        Func<TTarget, TEvent, CancellationToken, ValueTask> handler, Action<ListenOptions>? configure = null)
        where TTarget : class => Add(Subscription<TTarget>.To(handler, configure));

    /// <inheritdoc cref="Call{TTarget}(Action{TTarget, TEvent}, Action{ListenOptions})"/>
    public EventMapEntry<TEvent> Call<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTarget>(
        Func<TTarget, TEvent, CancellationToken, Task> handler, Action<ListenOptions>? configure = null)
        where TTarget : class => Add(Subscription<TTarget>.To(handler, configure));

    private EventMapEntry<TEvent> Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTarget>(
        Subscription<TTarget> subscription)
        where TTarget : class
    {
        _builder.AddMapped(subscription);
        return this;
    }
}
