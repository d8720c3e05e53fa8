namespace Carillon.Listeners;

/// <summary>Adds listeners while the application runs. A singleton.</summary>
/// <remarks>A dispatch that is under way keeps the listeners it began with; the next one sees the change.</remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public interface IListenerRegistry
{
    /// <summary>Adds a listener.</summary>
    /// <remarks>It may name, in <see cref="Listener.Before"/> and <see cref="Listener.After"/>, one that is not there yet, or no longer: listeners come and go.</remarks>
    /// <returns>Dispose it to remove the listener; doing so twice is harmless.</returns>
    /// <exception cref="CarillonException">
    /// The listener is durable, which must be known when the host starts; its id is taken by another one; or its place contradicts that of others.
    /// Nothing has changed then.
    /// </exception>
    IDisposable Add(Listener listener);
}
