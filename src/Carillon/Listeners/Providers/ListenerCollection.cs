using System.Runtime.CompilerServices;
using Carillon.Events;
using Carillon.Listeners.Internal;

namespace Carillon.Listeners.Providers;

/// <summary>Listeners as a value: a provider that never changes. Adding one gives a new collection.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed class ListenerCollection : IListenerProvider
{
    private readonly Internal.Listeners _listeners;

    private ListenerCollection(IReadOnlyList<Listener> listeners)
    {
        _listeners = new Internal.Listeners(new ListenerManifests());
        _listeners.Add(listeners);
    }

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

    /// <summary>The collection without listeners.</summary>
    public static ListenerCollection Empty { get; } = new([]);

    /// <summary>The listeners, in the order in which they were added.</summary>
    public IReadOnlyList<Listener> All => _listeners.All;

    /// <summary>The same listeners and one more.</summary>
    /// <returns>A new collection; this one stays as it is.</returns>
    /// <exception cref="CarillonException">The collection has a listener with this id.</exception>
    public ListenerCollection Add(Listener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        return All.FirstOrDefault(other => other.Id == listener.Id) is { } taken
            ? throw new CarillonException($"The id '{listener.Id}' of a listener of '{listener.EventType}' is taken by a listener of '{taken.EventType}'. Give one of them another id.")
            : new ListenerCollection([.. All, listener]);
    }

    /// <summary>The same listeners and a lambda.</summary>
    /// <param name="handler">Called with each event that <typeparamref name="TEvent"/> can take; what it returns is awaited.</param>
    /// <param name="configure">Its place, its id.</param>
    /// <returns>A new collection; this one stays as it is.</returns>
    public ListenerCollection Listen<TEvent>(Action<TEvent> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Listen<TEvent>(LambdaListener.Adapt(handler), configure);

    /// <inheritdoc cref="Listen{TEvent}(Action{TEvent}, Action{ListenOptions})"/>
    [OverloadResolutionPriority(1)]
    public ListenerCollection Listen<TEvent>(Func<TEvent, EventContext, CancellationToken, ValueTask> handler, Action<ListenOptions>? configure = null)
        where TEvent : notnull =>
        Listen<TEvent>(LambdaListener.Adapt(handler), configure);

    /// <inheritdoc/>
    public IEnumerable<Listener> GetListeners(EventType eventType)
    {
        ArgumentNullException.ThrowIfNull(eventType);
        return _listeners.Of(eventType);
    }

    private ListenerCollection Listen<TEvent>(LambdaListener lambda, Action<ListenOptions>? configure)
    {
        var options = new ListenOptions();
        configure?.Invoke(options);
        return Add(lambda.ToListener(typeof(TEvent), options));
    }
}
