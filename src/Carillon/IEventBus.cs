namespace Carillon;

/// <summary>The narrow face of the dispatcher, for code that only announces what has happened: no results, no event back.</summary>
/// <remarks>
/// Scoped, and the same object as <see cref="IEventDispatcher"/> of the scope. Call it through
/// <see cref="EventDispatcherExtensions.PublishAsync{TEvent}(IEventBus, TEvent, CancellationToken)"/>. Not thread-safe: a scope belongs to one flow of work at a time.
/// </remarks>
public interface IEventBus
{
    /// <summary>
    /// Dispatches an event by its run-time type. The generic extension methods come here when the dispatcher is not Carillon's own, so that
    /// a decorator or a fake has one method to implement.
    /// </summary>
    /// <param name="event">The event.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    ValueTask DispatchObjectAsync(object @event, CancellationToken cancellationToken = default);

    /// <summary>Dispatches an event by its run-time type, and says something of its deliveries. A decorator passes the options on.</summary>
    /// <param name="event">The event.</param>
    /// <param name="options">What this dispatch says of its deliveries.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    /// <exception cref="NotSupportedException">The default: a bus that knows nothing of options does not drop them silently.</exception>
    ValueTask DispatchObjectAsync(object @event, DeliveryOptions options, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException(
            $"'{@event?.GetType()}' was dispatched with options for its deliveries, but '{GetType()}' knows only plain dispatches. Implement "
            + $"{nameof(DispatchObjectAsync)} with {nameof(DeliveryOptions)} in it: a decorator passes them on, a fake keeps them.");
}
