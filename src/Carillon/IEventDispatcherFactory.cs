namespace Carillon;

/// <summary>Dispatches from places that have no scope of their own: singletons, hosted services, timers.</summary>
/// <threadsafety>Safe for concurrent use: each call opens a scope of its own.</threadsafety>
public interface IEventDispatcherFactory
{
    /// <summary>Opens a scope, dispatches the event in it and closes it once every inline listener has finished.</summary>
    /// <param name="event">The event.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    /// <returns>The same event.</returns>
    ValueTask<TEvent> DispatchInNewScopeAsync<TEvent>(TEvent @event, CancellationToken cancellationToken = default)
        where TEvent : notnull;
}
