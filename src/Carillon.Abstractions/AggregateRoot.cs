namespace Carillon;

/// <summary>A base class for entities that raise domain events, for those who have no base class of their own.</summary>
/// <threadsafety>Not safe for concurrent use, like any entity.</threadsafety>
public abstract class AggregateRoot : IHasDomainEvents
{
    private readonly DomainEvents _domainEvents = new();

    DomainEvents IHasDomainEvents.DomainEvents => _domainEvents;

    /// <summary>Raises an event that knows already when it occurred.</summary>
    /// <param name="event">The event. It is dispatched when the entity is saved, and not before.</param>
    /// <exception cref="ArgumentException">The event does not say when it occurred.</exception>
    protected void Raise(IDomainEvent @event) => _domainEvents.Raise(@event);

    /// <summary>Raises an event that occurs now.</summary>
    /// <param name="clock">Says what time it is.</param>
    /// <param name="create">Makes the event from that time.</param>
    protected void Raise(TimeProvider clock, Func<DateTimeOffset, IDomainEvent> create) => _domainEvents.Raise(clock, create);
}
