namespace Carillon;

/// <summary>Which listeners events have, said in one place. From <see cref="CarillonBuilder.Map"/>.</summary>
public sealed class EventMap
{
    private readonly CarillonBuilder _builder;

    internal EventMap(CarillonBuilder builder) => _builder = builder;

    /// <summary>The listeners of an event follow.</summary>
    /// <typeparam name="TEvent">The event, a base class or an interface: derived events reach the listeners too.</typeparam>
    public EventMapEntry<TEvent> On<TEvent>()
        where TEvent : notnull => new(this, _builder);
}
