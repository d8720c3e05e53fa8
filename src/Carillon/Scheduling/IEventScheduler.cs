namespace Carillon.Scheduling;

/// <summary>Dispatches events later: a scheduled event is stored, and is dispatched to all its listeners when its time has come, by whichever process finds it first.</summary>
/// <remarks>
/// <para>
/// What is scheduled while a unit of work is open in the same scope belongs to it: it is stored if that commits, and only then. It survives a restart, so its
/// listeners are those that the application has when it is due.
/// </para>
/// <para>
/// All listeners run later, inline ones too. To have the inline ones run now and the durable ones later, dispatch the event with a due time instead.
/// </para>
/// </remarks>
/// <threadsafety>Scoped; not safe for concurrent use.</threadsafety>
public interface IEventScheduler
{
    /// <summary>Dispatches an event at a time.</summary>
    /// <param name="event">The event, stored as it is now.</param>
    /// <param name="at">When. A time that has passed is now.</param>
    /// <param name="cancellationToken">Gives up before it is stored.</param>
    /// <exception cref="CarillonException">There is no delivery store, or the type of the event has no name.</exception>
    ValueTask<ScheduledEvent> ScheduleAsync(object @event, DateTimeOffset at, CancellationToken cancellationToken = default);

    /// <summary>Dispatches an event after a while.</summary>
    /// <param name="event">The event, stored as it is now.</param>
    /// <param name="delay">How long from now; not negative.</param>
    /// <param name="cancellationToken">Gives up before it is stored.</param>
    /// <exception cref="CarillonException">There is no delivery store, or the type of the event has no name.</exception>
    ValueTask<ScheduledEvent> ScheduleAsync(object @event, TimeSpan delay, CancellationToken cancellationToken = default);

    /// <summary>Cancels a scheduled event, at once and whatever becomes of an open unit of work.</summary>
    /// <param name="id">Its <see cref="ScheduledEvent.Id"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was there and waited; false if it has been dispatched, is being dispatched, or is no scheduled event.</returns>
    ValueTask<bool> CancelAsync(long id, CancellationToken cancellationToken = default);

    /// <summary>Moves a scheduled event to another time, at once and whatever becomes of an open unit of work.</summary>
    /// <param name="id">Its <see cref="ScheduledEvent.Id"/>.</param>
    /// <param name="at">The other time. One that has passed is now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was there and waited; false if it has been dispatched, is being dispatched, or is no scheduled event.</returns>
    ValueTask<bool> RescheduleAsync(long id, DateTimeOffset at, CancellationToken cancellationToken = default);
}
