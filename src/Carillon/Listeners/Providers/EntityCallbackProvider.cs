using Carillon.Events;

namespace Carillon.Listeners.Providers;

/// <summary>Calls the methods of entities: of the one that an event is about, and of no other. Immutable.</summary>
public sealed class EntityCallbackProvider : IListenerProvider
{
    private readonly Listener[] _listeners;

    /// <summary>Starts with no event.</summary>
    public EntityCallbackProvider()
        : this([])
    {
    }

    private EntityCallbackProvider(Listener[] listeners) => _listeners = listeners;

    /// <inheritdoc/>
    event Action? IListenerProvider.Changed
    {
        add
        {
        }

        remove
        {
        }
    }

    /// <summary>Entities that are an <see cref="IEntityCallback{TEvent}"/> are called with such events about them.</summary>
    /// <typeparam name="TEvent">The event; derived events too.</typeparam>
    /// <returns>A new provider; this one stays as it is.</returns>
    public EntityCallbackProvider For<TEvent>()
        where TEvent : notnull, IEntityEvent =>
        new([.. _listeners, new Listener($"entity({typeof(TEvent).Name})", typeof(TEvent), CallAsync<TEvent>)]);

    /// <inheritdoc/>
    public IEnumerable<Listener> GetListeners(EventType eventType)
    {
        ArgumentNullException.ThrowIfNull(eventType);
        return Array.FindAll(_listeners, listener => listener.EventType.IsAssignableFrom(eventType.Type));
    }

    private static ValueTask CallAsync<TEvent>(object @event, in ListenerCall call)
        where TEvent : notnull, IEntityEvent =>
        ((TEvent)@event).Entity is IEntityCallback<TEvent> entity ? entity.OnEventAsync((TEvent)@event, call.CancellationToken) : ValueTask.CompletedTask;
}
