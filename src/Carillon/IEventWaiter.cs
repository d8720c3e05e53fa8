using Carillon.Waiting;

namespace Carillon;

/// <summary>Waits for events instead of listening to them. A singleton.</summary>
/// <remarks>
/// An event counts once its dispatch has called all other inline listeners: one that was stopped or whose listener threw does not. Durable and background
/// listeners may still be to come.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public interface IEventWaiter
{
    /// <summary>Waits for the first event from now on. Once the task has ended, in whichever way, nothing listens any more.</summary>
    /// <typeparam name="TEvent">The event, a base class or an interface.</typeparam>
    /// <param name="filter">Which events count; null is every one. What it throws ends the wait, not the dispatch.</param>
    /// <param name="timeout">How long to wait; null is without end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The event itself.</returns>
    /// <exception cref="TimeoutException">No such event came in time. The message names the event and the time.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Task<TEvent> WaitForAsync<TEvent>(Func<TEvent, bool>? filter = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        where TEvent : notnull;

    /// <summary>Reads events as a stream that collects from this call on, whether or not somebody reads already.</summary>
    /// <typeparam name="TEvent">The event, a base class or an interface.</typeparam>
    /// <param name="options">How many events wait to be read, and what happens beyond; null is the default of everything.</param>
    /// <param name="cancellationToken">Ends the stream: what was collected is still read, then the reader gets an <see cref="OperationCanceledException"/>.</param>
    /// <returns>The stream. It ends, and nothing listens any more, when its enumeration ends, when it is disposed or when the token is cancelled.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The options are out of range.</exception>
    EventStream<TEvent> ReadEventsAsync<TEvent>(EventStreamOptions? options = null, CancellationToken cancellationToken = default)
        where TEvent : notnull;
}
