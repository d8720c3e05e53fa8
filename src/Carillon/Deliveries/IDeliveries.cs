namespace Carillon.Deliveries;

/// <summary>
/// What a person can see and do: which deliveries there are, why they failed, retry them, run them again, give them up; which queues there are, and stop and start
/// them.
/// </summary>
/// <remarks>
/// What takes a filter works page by page, tells how many it has changed so far, and can be ended between two pages: what is done by then stays done. It leaves alone
/// what comes up meanwhile.
/// </remarks>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public interface IDeliveries
{
    /// <summary>How many deliveries are in each state; states without any are left out.</summary>
    ValueTask<IReadOnlyDictionary<DeliveryState, long>> CountAsync(CancellationToken cancellationToken = default);

    /// <summary>One page of deliveries, newest first unless the query says otherwise.</summary>
    ValueTask<IReadOnlyList<DeliverySnapshot>> ListAsync(DeliveryQuery query, CancellationToken cancellationToken = default);

    /// <summary>One delivery with its event and every attempt that failed; null if there is none with this id.</summary>
    ValueTask<DeliveryDetails?> FindAsync(long id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes a delivery ready again that is completed, failed, parked, discarded or cancelled. Its attempts are counted anew, and it runs even if its listener remembers
    /// the event.
    /// </summary>
    /// <returns>False if there is no such delivery, or it waits or runs; nothing has changed then.</returns>
    ValueTask<bool> RetryAsync(long id, CancellationToken cancellationToken = default);

    /// <summary>Does the same with all that match and are failed, parked, discarded or cancelled; those that are completed stay so.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="progress">Told, after each page, how many are ready again.</param>
    /// <param name="cancellationToken">Ends it after the page at hand.</param>
    /// <returns>How many became ready.</returns>
    ValueTask<int> RetryAsync(DeliveryFilter filter, IProgress<int>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Runs again what has run: all that match and are completed, as far as they were kept, failed, discarded or cancelled.</summary>
    /// <inheritdoc cref="RetryAsync(DeliveryFilter, IProgress{int}, CancellationToken)"/>
    ValueTask<int> ReplayAsync(DeliveryFilter filter, IProgress<int>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Gives up a delivery that waits, or is failed or parked.</summary>
    /// <returns>False if there is no such delivery, or it runs or is settled; nothing has changed then.</returns>
    ValueTask<bool> DiscardAsync(long id, CancellationToken cancellationToken = default);

    /// <summary>Gives up all that match and wait, or are failed or parked.</summary>
    /// <remarks>
    /// Each delivery that is there from the beginning to the end is looked at once, in the order of ids, and given up if it can be at that moment: one that runs just then is left to its attempt. What
    /// else the filter asks for is as it was when its page was read, its state too.
    /// </remarks>
    /// <param name="filter">Which.</param>
    /// <param name="progress">Told, after each page, how many are discarded.</param>
    /// <param name="cancellationToken">Ends it after the page at hand.</param>
    /// <returns>How many were discarded.</returns>
    ValueTask<int> DiscardAsync(DeliveryFilter filter, IProgress<int>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Cancels a delivery: at once if it waits or is failed or parked; if it runs, the token of its attempt is cancelled, here at once and in another process within a lease,
    /// and the attempt is its last.
    /// </summary>
    ValueTask<CancelResult> CancelAsync(long id, CancellationToken cancellationToken = default);

    /// <summary>Cancels all that match and wait, run, or are failed or parked.</summary>
    /// <remarks>
    /// Each delivery that is there from the beginning to the end is looked at once, in the order of ids, and cancelled whatever it has become by then, unless it is settled. What else the filter asks for
    /// is as it was when its page was read, its state too.
    /// </remarks>
    /// <param name="filter">Which.</param>
    /// <param name="progress">Told, after each page, how many are cancelled or told to end.</param>
    /// <param name="cancellationToken">Ends it after the page at hand.</param>
    /// <returns>How many were cancelled or told to end.</returns>
    ValueTask<int> CancelAsync(DeliveryFilter filter, IProgress<int>? progress = null, CancellationToken cancellationToken = default);

    /// <summary>Moves the time at which a delivery that waits is due.</summary>
    /// <returns>False if there is no such delivery or it does not wait; nothing has changed then.</returns>
    ValueTask<bool> RescheduleAsync(long id, DateTimeOffset dueAt, CancellationToken cancellationToken = default);

    /// <summary>The queues that have deliveries waiting or running, or are paused, by name. Of each no more than <see cref="QueueSnapshot.MaxCounted"/> are counted; <see cref="CountAsync"/> counts all.</summary>
    ValueTask<IReadOnlyList<QueueSnapshot>> ListQueuesAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Pauses a queue: nothing of it starts any more until it is resumed; what runs goes on. This process stops at once, others within their poll interval. The pause
    /// outlives all processes.
    /// </summary>
    /// <returns>False if it was paused already.</returns>
    ValueTask<bool> PauseAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>Resumes a queue: what waits there starts at once.</summary>
    /// <returns>False if it was not paused.</returns>
    ValueTask<bool> ResumeAsync(string queue, CancellationToken cancellationToken = default);
}
