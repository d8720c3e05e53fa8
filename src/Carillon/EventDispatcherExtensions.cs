using System.Runtime.CompilerServices;
using Carillon.Dispatch;
using Carillon.Dispatch.Internal;

namespace Carillon;

/// <summary>The calls of an emitter.</summary>
/// <remarks>
/// They are extension methods because a generic virtual call costs about four times a whole dispatch: from here the call reaches Carillon's own
/// dispatcher without one, and any other implementation through <see cref="IEventBus.DispatchObjectAsync(object, CancellationToken)"/>.
/// </remarks>
public static class EventDispatcherExtensions
{
    /// <summary>Calls every inline listener of the event, in order, and records a delivery for every durable one.</summary>
    /// <param name="dispatcher">The dispatcher of the current scope.</param>
    /// <param name="event">The event. Listeners are found by its run-time type, whatever the static type of the call.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    /// <returns>The same event, after the last inline listener has finished.</returns>
    /// <exception cref="ArgumentNullException">The event is null.</exception>
    /// <remarks>An exception of an inline listener stops the rest, reaches the caller unchanged, and nothing of this dispatch is recorded.</remarks>
    // This and PublishAsync become part of the emitter's own method: each instruction counts, and what is rare is a call. And until code is optimized, each generic method
    // on the way costs every type of event that is dispatched some 10 microseconds: so all is written out here, and what the first dispatches of a type go through takes objects.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ValueTask<TEvent> DispatchAsync<TEvent>(
        this IEventDispatcher dispatcher, TEvent @event, CancellationToken cancellationToken = default)
        where TEvent : notnull
    {
        if (dispatcher is not EventDispatcher own)
        {
            return DispatchThroughInterfaceAsync(dispatcher, @event, cancellationToken);
        }

        // No plan, if it has to be made, or the event is of a type derived from that of the call, or null. A struct is asked nothing: each question would box it.
        var slots = own.Quick.Slots;
        var index = EventSlot<TEvent>.Index;
        var plan = (typeof(TEvent).IsValueType
                ? EventSlot<TEvent>.IsExact
                : @event is not null && (EventSlot<TEvent>.IsExact || @event.GetType() == typeof(TEvent)))
            && (uint)index < (uint)slots.Length
            ? Unsafe.As<EventPlan<TEvent>?>(slots[index])
            : null;
        ValueTask running;
        if (plan is not null)
        {
            running = plan.InvokeAsync(@event!, own, cancellationToken);
        }
        else if (!typeof(TEvent).IsValueType && own.FindEarly(@event, typeof(TEvent), index) is { } early)
        {
            running = early.InvokeAsync(@event!, own, cancellationToken);
        }
        else
        {
            running = own.PublishSlowlyAsync(@event!, cancellationToken);
        }

        // One that completed at once and has nothing behind it that wants to be given back is the default.
        return running == default ? new ValueTask<TEvent>(@event!) : EventDispatcher.FinishAsync(running, @event!, index);
    }

    /// <summary>Dispatches the event without handing it back.</summary>
    /// <param name="bus">The bus of the current scope.</param>
    /// <param name="event">The event. Listeners are found by its run-time type, whatever the static type of the call.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    /// <exception cref="ArgumentNullException">The event is null.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ValueTask PublishAsync<TEvent>(this IEventBus bus, TEvent @event, CancellationToken cancellationToken = default)
        where TEvent : notnull =>
        bus is EventDispatcher own
            ? own.PublishAsync(@event, cancellationToken)
            : PublishThroughInterfaceAsync(bus, @event, cancellationToken);

    /// <summary>Calls every inline listener of the event, in order, and records a delivery for every durable one, as the options say.</summary>
    /// <param name="dispatcher">The dispatcher of the current scope.</param>
    /// <param name="event">The event. Listeners are found by its run-time type, whatever the static type of the call.</param>
    /// <param name="options">When, how urgently and beside which others its deliveries run.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    /// <returns>The same event, after the last inline listener has finished.</returns>
    /// <exception cref="ArgumentException">The options contradict each other, or say what cannot be. No listener was called.</exception>
    /// <remarks>Inline listeners run at once, whatever the options say.</remarks>
    public static async ValueTask<TEvent> DispatchAsync<TEvent>(
        this IEventDispatcher dispatcher, TEvent @event, DeliveryOptions options, CancellationToken cancellationToken = default)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        // Boxed once, so that a struct event comes back as its listeners left it.
        object boxed = @event;
        await dispatcher.DispatchObjectAsync(boxed, options, cancellationToken).ConfigureAwait(false);
        return (TEvent)boxed;
    }

    /// <summary>Dispatches the event without handing it back, its deliveries as the options say.</summary>
    /// <param name="bus">The bus of the current scope.</param>
    /// <param name="event">The event. Listeners are found by its run-time type, whatever the static type of the call.</param>
    /// <param name="options">When, how urgently and beside which others its deliveries run.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    /// <exception cref="ArgumentException">The options contradict each other, or say what cannot be. No listener was called.</exception>
    public static ValueTask PublishAsync<TEvent>(
        this IEventBus bus, TEvent @event, DeliveryOptions options, CancellationToken cancellationToken = default)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(bus);
        return bus.DispatchObjectAsync(@event, options, cancellationToken);
    }

    private static async ValueTask<TEvent> DispatchThroughInterfaceAsync<TEvent>(
        IEventDispatcher dispatcher, TEvent @event, CancellationToken cancellationToken)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        // Boxed once, so that a struct event comes back as its listeners left it.
        object boxed = @event;
        await dispatcher.DispatchObjectAsync(boxed, cancellationToken).ConfigureAwait(false);
        return (TEvent)boxed;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask PublishThroughInterfaceAsync<TEvent>(IEventBus bus, TEvent @event, CancellationToken cancellationToken)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(bus);
        return bus.DispatchObjectAsync(@event, cancellationToken);
    }
}
