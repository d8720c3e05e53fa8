using Microsoft.Extensions.Logging;

namespace Carillon.Diagnostics.Internal;

/// <summary>Everything that Carillon logs. Ids are stable: 1 to 99 dispatch, 100 to 199 deliveries, 200 to 299 the worker, 300 to 399 start-up; those of Carillon.AspNetCore follow from 400.</summary>
internal static partial class Log
{
    /// <summary>What to do about a second connection in an ambient transaction; for the exception too.</summary>
    internal const string SecondConnection =
        "If the database was asked to prepare the transaction, there is another connection in it, and two cannot be committed in one phase. Close that one before the TransactionScope is disposed, and give "
        + "it the connection string or data source of the store; or name it with IUnitOfWorkFactory.Enlist; or use IUnitOfWorkFactory.BeginAsync instead of the scope.";

    [LoggerMessage(1, LogLevel.Debug, "The event {EventName} ({EventType}) has no listener. This is said once.")]
    internal static partial void NoListeners(ILogger logger, string eventName, Type eventType);

    [LoggerMessage(2, LogLevel.Error, "{ListenerId} failed on {EventName}; the dispatch went on without it.")]
    internal static partial void ListenerFailed(ILogger logger, string listenerId, string eventName, Exception exception);

    [LoggerMessage(10, LogLevel.Debug, "Dispatching {EventName}.")]
    internal static partial void DispatchStarted(ILogger logger, string eventName);

    [LoggerMessage(11, LogLevel.Information, "Dispatched {EventName} in {Duration}.")]
    internal static partial void DispatchFinished(ILogger logger, string eventName, TimeSpan duration);

    [LoggerMessage(12, LogLevel.Warning, "The dispatch of {EventName} ended after {Duration} with {ExceptionType}.")]
    internal static partial void DispatchFailed(ILogger logger, string eventName, TimeSpan duration, Type exceptionType);

    [LoggerMessage(13, LogLevel.Debug, "{ListenerId} took {EventName} in {Duration}.")]
    internal static partial void ListenerFinished(ILogger logger, string listenerId, string eventName, TimeSpan duration);

    [LoggerMessage(14, LogLevel.Error, "{ListenerId} failed on {EventName} after {Duration}.")]
    internal static partial void ListenerThrew(ILogger logger, string listenerId, string eventName, TimeSpan duration, Exception exception);

    [LoggerMessage(15, LogLevel.Warning, "An observer of {EventName} failed; the dispatch went on.")]
    internal static partial void TimingFailed(ILogger logger, string eventName, Exception exception);

    [LoggerMessage(16, LogLevel.Debug, "{EventName} called [{Called}]; not called [{NotCalled}]; stopped by {Stopper}.")]
    internal static partial void DispatchTraced(ILogger logger, string eventName, string called, string notCalled, string stopper);

    [LoggerMessage(17, LogLevel.Error, "The {Phase} listener {ListenerId} failed on {EventName}. What has happened stands, and the listeners after it run.")]
    internal static partial void PhaseFailed(ILogger logger, string listenerId, string eventName, string phase, Exception exception);

    [LoggerMessage(18, LogLevel.Warning, "{ListenerId} took {Duration} on {EventName} inside an open transaction, whose locks others wait for meanwhile. "
        + "Let it run after the commit or durably, or dispatch before the transaction begins; WarnOfSlowListeners says what is slow.")]
    internal static partial void SlowInTransaction(ILogger logger, string listenerId, string eventName, TimeSpan duration);

    [LoggerMessage(30, LogLevel.Warning, "A block of waiting events was disposed without FlushAsync: {Count} events, the first of {EventType}, were dropped.")]
    internal static partial void DroppedWithoutFlush(ILogger logger, int count, Type eventType);

    [LoggerMessage(100, LogLevel.Warning, "{ListenerId} failed on {EventName} {EventId}, attempt {Attempt} of {MaxAttempts}; next attempt in {Delay}.")]
    internal static partial void AttemptFailed(
        ILogger logger, string listenerId, string eventName, Guid eventId, int attempt, int maxAttempts, TimeSpan delay, Exception? exception);

    [LoggerMessage(101, LogLevel.Error, "{ListenerId} failed on {EventName} {EventId} for the last time, attempt {Attempt}. The delivery is kept as failed: retry or discard it.")]
    internal static partial void DeliveryFailed(ILogger logger, string listenerId, string eventName, Guid eventId, int attempt, Exception? exception);

    [LoggerMessage(102, LogLevel.Error, "The delivery of {EventName} {EventId} to {ListenerId} is kept as failed. {Reason}")]
    internal static partial void DeliveryGivenUp(ILogger logger, string listenerId, string eventName, Guid eventId, string reason);

    [LoggerMessage(103, LogLevel.Warning, "The delivery of {EventName} {EventId} to {ListenerId} is parked. {Reason}")]
    internal static partial void DeliveryParked(ILogger logger, string listenerId, string eventName, Guid eventId, string reason);

    [LoggerMessage(104, LogLevel.Warning, "The lease of the delivery of {EventName} {EventId} to {ListenerId} was lost: another worker may run it again. "
        + "Make WorkerOptions.LeaseDuration longer if the process was not suspended.")]
    internal static partial void LeaseLost(ILogger logger, string listenerId, string eventName, Guid eventId);

    [LoggerMessage(105, LogLevel.Warning, "A unit of work was disposed without CommitAsync: {Count} deliveries, the first of {EventName}, were dropped with its transaction.")]
    internal static partial void DroppedWithoutCommit(ILogger logger, int count, string eventName);

    [LoggerMessage(106, LogLevel.Warning, "{ListenerId} discarded the delivery of {EventName} {EventId}. {Reason}")]
    internal static partial void DeliveryDiscarded(ILogger logger, string listenerId, string eventName, Guid eventId, string? reason);

    [LoggerMessage(107, LogLevel.Warning, "{ListenerId} did not finish on {EventName} {EventId} within its time-out of {Timeout}; its token is cancelled.")]
    internal static partial void AttemptTimedOut(ILogger logger, string listenerId, string eventName, Guid eventId, TimeSpan timeout);

    [LoggerMessage(108, LogLevel.Debug, "{ListenerId} has completed {EventName} {EventId} before, and is not called again.")]
    internal static partial void AlreadyCompleted(ILogger logger, string listenerId, string eventName, Guid eventId);

    [LoggerMessage(109, LogLevel.Warning, "The answer to the commit of {ListenerId} on {EventName} {EventId} was lost, but its delivery is completed: the commit has happened.")]
    internal static partial void CommitUncertain(ILogger logger, string listenerId, string eventName, Guid eventId, Exception exception);

    [LoggerMessage(110, LogLevel.Information, "The delivery of {EventName} {EventId} to {ListenerId} was cancelled by request.")]
    internal static partial void DeliveryCancelled(ILogger logger, string listenerId, string eventName, Guid eventId);

    [LoggerMessage(111, LogLevel.Debug, "{ListenerId} has put {EventName} {EventId} off for {Delay}; the attempt does not count.")]
    internal static partial void DeliverySnoozed(ILogger logger, string listenerId, string eventName, Guid eventId, TimeSpan delay);

    [LoggerMessage(112, LogLevel.Information, "By hand {Count} deliveries were {Action}.")]
    internal static partial void ChangedByHand(ILogger logger, int count, string action);

    [LoggerMessage(113, LogLevel.Error, "The transaction of {ListenerId} for {EventName} {EventId} could not be begun. The attempt does not count; next try in {Delay}.")]
    internal static partial void NoTransaction(ILogger logger, string listenerId, string eventName, Guid eventId, TimeSpan delay, Exception exception);

    [LoggerMessage(130, LogLevel.Debug, "{EventName} has {Count} deliveries, which belong to the open unit of work and are written no later than its commit.")]
    internal static partial void RecordedInWork(ILogger logger, string eventName, int count);

    [LoggerMessage(131, LogLevel.Debug, "{EventName} has {Count} deliveries, which are committed to the store at once: no unit of work is open.")]
    internal static partial void RecordedAtOnce(ILogger logger, string eventName, int count);

    [LoggerMessage(132, LogLevel.Debug, "{EventName} was dispatched with options for its deliveries, but no durable listener takes part: they have no effect.")]
    internal static partial void OptionsUnused(ILogger logger, string eventName);

    [LoggerMessage(133, LogLevel.Warning, "A joined transaction was left without a report of its outcome. {Deliveries} deliveries are found later if it was committed; "
        + "{Listeners} listeners that wait for its end do not run. Call CommittedAsync or RolledBackAsync.")]
    internal static partial void OutcomeNotReported(ILogger logger, int deliveries, int listeners);

    [LoggerMessage(134, LogLevel.Error, "The commit of a unit of work was reported, but its {Count} deliveries, the first of {EventName}, had not been written in its transaction. "
        + "They are written now, by themselves. Call WriteAsync before the commit.")]
    internal static partial void WrittenAfterCommit(ILogger logger, int count, string eventName);

    [LoggerMessage(135, LogLevel.Error, "A transaction was committed, but its {Count} deliveries, the first of {EventName}, could not be given to the {Store}, which takes no part in transactions: they are lost.")]
    internal static partial void LostAfterCommit(ILogger logger, int count, string eventName, string store, Exception exception);

    [LoggerMessage(136, LogLevel.Error, "An ambient transaction was rolled back when it was to be committed, with its {Count} deliveries, the first of {EventName}, which were written on a connection of the {Store}: {Cause}. "
        + SecondConnection)]
    internal static partial void AmbientAborted(ILogger logger, int count, string eventName, string store, string cause, Exception exception);

    [LoggerMessage(137, LogLevel.Error, "An ambient transaction was rolled back when it was to be committed, with the events that were appended in it on a connection of the {Store}: {Cause}. "
        + "If the database was asked to prepare the transaction, there is another connection in it, and two cannot be committed in one phase. Close that one before something else is opened, and give it the "
        + "connection string or data source of the store; or name it with IUnitOfWorkFactory.Enlist before the append; or use IUnitOfWorkFactory.BeginAsync instead of the scope.")]
    internal static partial void AmbientAppendAborted(ILogger logger, string store, string cause, Exception exception);

    [LoggerMessage(200, LogLevel.Information, "Running durable listeners: {Listeners} of them, up to {MaxConcurrency} at a time, from {Store}.")]
    internal static partial void WorkerStarted(ILogger logger, int listeners, int maxConcurrency, string store);

    [LoggerMessage(201, LogLevel.Error, "The delivery store did not answer while the worker {Action}. Next try in {Delay}.")]
    internal static partial void StoreUnavailable(ILogger logger, string action, TimeSpan delay, Exception exception);

    [LoggerMessage(202, LogLevel.Information, "Stopping: {Running} durable listeners are running; they have {Drain} to finish.")]
    internal static partial void Draining(ILogger logger, int running, TimeSpan drain);

    [LoggerMessage(203, LogLevel.Warning, "{ListenerId} did not finish in time and was cancelled; its attempt on {EventName} {EventId} does not count.")]
    internal static partial void CancelledAtStop(ILogger logger, string listenerId, string eventName, Guid eventId);

    [LoggerMessage(204, LogLevel.Error, "{ListenerId} ignores its cancellation token and still runs on {EventName} {EventId} while the process ends. "
        + "Another worker runs the delivery again when its lease ends.")]
    internal static partial void StuckAtStop(ILogger logger, string listenerId, string eventName, Guid eventId);

    [LoggerMessage(205, LogLevel.Information, "{Count} parked deliveries are known again and ready.")]
    internal static partial void Unparked(ILogger logger, int count);

    [LoggerMessage(206, LogLevel.Information, "The queue '{Queue}' is paused: nothing of it begins in this process until it is resumed.")]
    internal static partial void QueuePaused(ILogger logger, string queue);

    [LoggerMessage(207, LogLevel.Information, "The queue '{Queue}' goes on in this process.")]
    internal static partial void QueueResumed(ILogger logger, string queue);

    [LoggerMessage(260, LogLevel.Warning, "The schedule '{Schedule}' ({Times}) has no time any more and never runs.")]
    internal static partial void ScheduleIsOver(ILogger logger, string schedule, string times);

    [LoggerMessage(261, LogLevel.Information, "The schedule '{Schedule}' was '{Before}' and is '{Now}': its next time has moved.")]
    internal static partial void ScheduleMoved(ILogger logger, string schedule, string before, string now);

    [LoggerMessage(262, LogLevel.Error, "The schedule '{Schedule}' could not make the event of its time {At}. It goes on with its next time; this run is tried again by itself, and kept as failed after the last attempt.")]
    internal static partial void RunNotMade(ILogger logger, string schedule, DateTimeOffset at, Exception exception);

    [LoggerMessage(263, LogLevel.Error, "The schedule '{Schedule}' could not say its next time. It is asked again with every sweep.")]
    internal static partial void ScheduleHasFailed(ILogger logger, string schedule, Exception exception);

    [LoggerMessage(300, LogLevel.Warning, "{Duplicate}")]
    internal static partial void DuplicateListener(ILogger logger, string duplicate);

    [LoggerMessage(301, LogLevel.Warning, "{Warning}")]
    internal static partial void QueueMisspelled(ILogger logger, string warning);

    [LoggerMessage(302, LogLevel.Information, "{Where} speaks of the queue '{Queue}', and no durable listener of this application is in it. That is meant if another application that shares the store has one.")]
    internal static partial void QueueUnused(ILogger logger, string where, string queue);

    [LoggerMessage(303, LogLevel.Information, "{EventType} makes cache entries stale, and this application has no cache: choose one with UseHybridCache(), UseOutputCache() or UseCache<TCache>() if it should.")]
    internal static partial void NoCache(ILogger logger, Type eventType);
}
