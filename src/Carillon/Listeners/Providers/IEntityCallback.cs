namespace Carillon.Listeners.Providers;

/// <summary>An entity that takes part itself when an event about it is dispatched, before it is saved for instance.</summary>
/// <typeparam name="TEvent">The event.</typeparam>
public interface IEntityCallback<in TEvent>
    where TEvent : notnull, IEntityEvent
{
    /// <summary>Called with each event about this very entity.</summary>
    /// <param name="event">The event.</param>
    /// <param name="cancellationToken">That of the dispatch.</param>
    ValueTask OnEventAsync(TEvent @event, CancellationToken cancellationToken);
}
