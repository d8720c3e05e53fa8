using Microsoft.Extensions.Logging;

namespace Carillon.Diagnostics.Internal;

// What leaves and what arrives.
internal static partial class Log
{
    [LoggerMessage(440, LogLevel.Information, "Receiving {Pattern} from {Transport}, {Subscription}, up to {Concurrency} at a time.")]
    internal static partial void Receiving(ILogger logger, string pattern, string transport, string subscription, int concurrency);

    [LoggerMessage(450, LogLevel.Information, "Receiving from {Transport}: {Subscriptions}.")]
    internal static partial void ReceivingAll(ILogger logger, string transport, string subscriptions);

    [LoggerMessage(441, LogLevel.Warning, "No subscription takes {EventName} {EventId}: {Transport} has dropped it. Subscribe to it elsewhere, or let it stay in this application.")]
    internal static partial void Unrouted(ILogger logger, string eventName, Guid eventId, string transport);

    [LoggerMessage(442, LogLevel.Debug, "{EventName} {EventId} has left by {Transport}.")]
    internal static partial void HasLeft(ILogger logger, string eventName, Guid eventId, string transport);

    [LoggerMessage(443, LogLevel.Error, "What arrived for {Subscription} is no event that can be read, and is a dead letter now. {Reason}")]
    internal static partial void ArrivedUnreadable(ILogger logger, string subscription, string reason);

    [LoggerMessage(444, LogLevel.Warning, "{EventName} {EventId} arrived for {Subscription} and is parked. {Reason}")]
    internal static partial void ArrivedUnknown(ILogger logger, string eventName, Guid eventId, string subscription, string reason);

    [LoggerMessage(445, LogLevel.Warning, "{EventName} {EventId}, which arrived for {Subscription}, failed at attempt {Attempt} and comes again in {Delay}. {Reason}")]
    internal static partial void ReceivingFailed(ILogger logger, string eventName, Guid eventId, string subscription, int attempt, TimeSpan delay, string reason, Exception? exception);

    [LoggerMessage(446, LogLevel.Error, "{EventName} {EventId}, which arrived for {Subscription}, is given up after {Attempt} attempts, and is a dead letter now. {Reason}")]
    internal static partial void ReceivingGivenUp(ILogger logger, string eventName, Guid eventId, string subscription, int attempt, string reason, Exception? exception);

    [LoggerMessage(447, LogLevel.Debug, "{EventName} {EventId} was received by {Subscription} before, and is not dispatched again.")]
    internal static partial void ReceivedBefore(ILogger logger, string eventName, Guid eventId, string subscription);

    [LoggerMessage(448, LogLevel.Error, "The inbox of {Subscription} could not note {EventName} {EventId}, which was received: should it come again, it is not recognised.")]
    internal static partial void NotNoted(ILogger logger, string subscription, string eventName, Guid eventId, Exception exception);

    [LoggerMessage(449, LogLevel.Warning, "What was being received at the stop did not end within {Drain} and was cancelled; it comes again, uncounted.")]
    internal static partial void ReceiversCancelled(ILogger logger, TimeSpan drain);
}
