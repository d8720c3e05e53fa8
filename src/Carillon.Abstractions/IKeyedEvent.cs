namespace Carillon;

/// <summary>An event that says what it is about: an order, a customer. Durable listeners can be called in order, or so many at a time, for each key.</summary>
/// <seealso cref="OnEventAttribute.Ordered"/>
/// <seealso cref="OnEventAttribute.MaxPerKey"/>
public interface IKeyedEvent
{
    /// <summary>The key, compared exactly; null for an event that has none: no limit for each key holds for it, and listeners that take events in order refuse it.</summary>
    string? Key { get; }
}
