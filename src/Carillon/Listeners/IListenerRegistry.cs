namespace Carillon.Listeners;

/// <summary>Adds and removes listeners while the application runs. A singleton.</summary>
/// <remarks>A dispatch that is under way keeps the listeners it began with; the next one sees the change.</remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public interface IListenerRegistry
{
    /// <summary>Raised after a listener was added while the application runs. What an observer throws is logged and changes nothing.</summary>
    event Action<Listener>? ListenerAdded;

    /// <summary>Raised after a listener was removed. What an observer throws is logged and changes nothing.</summary>
    event Action<Listener>? ListenerRemoved;

    /// <summary>Adds a listener.</summary>
    /// <param name="listener">
    /// The listener. It may name, in <see cref="Listener.Before"/> and <see cref="Listener.After"/>, one that is not there yet, or no longer: listeners come and
    /// go.
    /// </param>
    /// <param name="times">How often it runs before it removes itself, also when dispatches run at the same time; null is without end.</param>
    /// <returns>Dispose it to remove the listener; doing so twice is harmless.</returns>
    /// <exception cref="CarillonException">
    /// The listener is durable, which must be known when the host starts; or it runs in the background, of which nothing was said in AddCarillon; its id is
    /// taken by another one; or its place contradicts that of others. Nothing has changed then.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is less than 1.</exception>
    IDisposable Add(Listener listener, int? times = null);

    /// <summary>The same registry for listeners that stay until a token is cancelled: <c>registry.Until(token).Listen&lt;OrderPlaced&gt;(...)</c>.</summary>
    /// <param name="cancellationToken">Cancelling it removes what was added here; once it is cancelled, what is added never runs.</param>
    IListenerRegistry Until(CancellationToken cancellationToken);

    /// <summary>Removes a listener that was added while the application runs. One that was there at start can be muted.</summary>
    /// <returns>Whether there was such a listener; if not, nothing happens.</returns>
    bool Remove(string listenerId);

    /// <summary>
    /// No event reaches the listener until the returned handle is disposed: it is as if it were not there, whichever provider it comes from and however
    /// events reach it. Muted twice, it is heard again when both handles are disposed. An id that
    /// nobody has is logged as a warning, and mutes whoever comes with it.
    /// </summary>
    IDisposable Mute(string listenerId);

    /// <summary>No event that <typeparamref name="TEvent"/> can take reaches any listener until the returned handle is disposed.</summary>
    /// <typeparam name="TEvent">A type of event, a base class or an interface; <c>object</c> is every event.</typeparam>
    IDisposable Mute<TEvent>()
        where TEvent : notnull;
}
