namespace Carillon;

/// <summary>Calls the listeners of an event, in their order. This is what an emitter takes as a dependency.</summary>
/// <remarks>
/// <para>
/// Scoped: inline listeners come from the scope of the dispatcher. A singleton takes <see cref="IEventDispatcherFactory"/> instead.
/// Call it through <see cref="EventDispatcherExtensions.DispatchAsync{TEvent}(IEventDispatcher, TEvent, CancellationToken)"/>. Not thread-safe: a scope belongs to one flow of work at a time.
/// </para>
/// <para>
/// What an awaited dispatch means: every inline listener has finished; every durable listener's delivery belongs to the open unit of work of
/// this scope and is written no later than its commit or, without one, is committed to the store. It never means that a durable listener has run.
/// </para>
/// </remarks>
public interface IEventDispatcher : IEventBus
{
    /// <summary>
    /// Dispatches an event by its run-time type for an emitter that wants results. The extension methods come here when the dispatcher is not
    /// Carillon's own: a decorator passes the collector on, a fake fills it.
    /// </summary>
    /// <param name="event">The event.</param>
    /// <param name="results">Takes the results in.</param>
    /// <param name="cancellationToken">Handed to every inline listener.</param>
    /// <exception cref="NotSupportedException">The default: a dispatcher that knows nothing of results does not pretend that there were none.</exception>
    ValueTask DispatchForResultsAsync(object @event, ResultCollector results, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException(
            $"Results of '{@event?.GetType()}' were asked for, but '{GetType()}' knows only plain dispatches. Implement {nameof(DispatchForResultsAsync)} in it: "
            + "a decorator passes the collector on, a fake fills it.");
}
