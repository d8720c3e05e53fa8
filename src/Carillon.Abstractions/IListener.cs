namespace Carillon;

/// <summary>A listener as a class of its own, for those who prefer a type to a method with <see cref="OnEventAttribute"/>.</summary>
/// <typeparam name="TEvent">The event it takes; derived events reach it too.</typeparam>
public interface IListener<in TEvent>
    where TEvent : notnull
{
    /// <summary>Called with each event.</summary>
    /// <param name="event">The event; the same instance reaches every inline listener.</param>
    /// <param name="cancellationToken">Cancelled when the emitter gives up or, for a durable listener, when the worker has to stop.</param>
    ValueTask HandleAsync(TEvent @event, CancellationToken cancellationToken);
}
