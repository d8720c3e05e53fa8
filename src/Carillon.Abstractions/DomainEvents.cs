namespace Carillon;

/// <summary>What an entity has raised and nobody has dispatched yet, in order.</summary>
/// <remarks>Costs an entity that raises nothing one small object. It is never written to a database.</remarks>
/// <threadsafety>Not safe for concurrent use, like the entity that it belongs to.</threadsafety>
public sealed class DomainEvents
{
    private List<IDomainEvent>? _raised;

    /// <summary>What waits to be dispatched, in the order in which it was raised.</summary>
    public IReadOnlyList<IDomainEvent> Raised => _raised ?? [];

    /// <summary>Adds an event that knows already when it occurred.</summary>
    /// <param name="event">The event.</param>
    /// <exception cref="ArgumentException">The event does not say when it occurred.</exception>
    public void Raise(IDomainEvent @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        if (@event.OccurredAt == default)
        {
            throw new ArgumentException(
                $"The domain event '{@event.GetType()}' does not say when it occurred. Set OccurredAt when you make it, from the TimeProvider of the application.", nameof(@event));
        }

        (_raised ??= []).Add(@event);
    }

    /// <summary>Adds an event that occurs now.</summary>
    /// <param name="clock">Says what time it is.</param>
    /// <param name="create">Makes the event from that time.</param>
    public void Raise(TimeProvider clock, Func<DateTimeOffset, IDomainEvent> create)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(create);
        Raise(create(clock.GetUtcNow()));
    }

    /// <summary>Hands out what was raised, and is empty then. Whoever saves the entity calls this, and dispatches.</summary>
    public IReadOnlyList<IDomainEvent> Take()
    {
        IReadOnlyList<IDomainEvent> raised = _raised ?? [];
        _raised = null;
        return raised;
    }

    /// <summary>Takes back what was handed out, before anything that was raised since: saving failed, and may be tried again.</summary>
    /// <param name="events">What <see cref="Take"/> has returned.</param>
    public void PutBack(IReadOnlyList<IDomainEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (events.Count > 0)
        {
            (_raised ??= []).InsertRange(0, events);
        }
    }
}
