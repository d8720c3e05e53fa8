using Microsoft.Extensions.Logging;

namespace Carillon.Diagnostics.Internal;

// 1 to 99 dispatch, 400 to 499 background listeners.
internal static partial class Log
{
    [LoggerMessage(20, LogLevel.Error, "An observer of the registry threw when {ListenerId} came or went. The change stands.")]
    internal static partial void ObserverFailed(ILogger logger, string listenerId, Exception exception);

    [LoggerMessage(21, LogLevel.Warning, "'{ListenerId}' is muted, but no listener has this id now; one that comes later is muted. {Suggestion}")]
    internal static partial void UnknownMuted(ILogger logger, string listenerId, string suggestion);

    [LoggerMessage(400, LogLevel.Error, "{ListenerId} failed on {EventName} in the background. It is not tried again.")]
    internal static partial void BackgroundFailed(ILogger logger, string listenerId, string eventName, Exception exception);

    [LoggerMessage(401, LogLevel.Error, "The failure of {ListenerId} on {EventName} could not be announced to those who listen to ListenerFailed.")]
    internal static partial void FailureNotAnnounced(ILogger logger, string listenerId, string eventName, Exception exception);

    [LoggerMessage(402, LogLevel.Warning, "{EventName} was dropped for the background listener {ListenerId}: {Capacity} calls wait already. "
        + "Raise BackgroundOptions.Capacity or MaxConcurrency, or let the dispatch wait with WhenFull.Wait.")]
    internal static partial void BackgroundDropped(ILogger logger, string listenerId, string eventName, int capacity);

    [LoggerMessage(403, LogLevel.Information, "Stopping: {Waiting} calls of background listeners wait and {Running} are running; they have {Drain} to finish.")]
    internal static partial void BackgroundDraining(ILogger logger, int waiting, int running, TimeSpan drain);

    [LoggerMessage(404, LogLevel.Error, "{EventName} is lost for the background listener {ListenerId}, which did not begin before the process ended.")]
    internal static partial void BackgroundLost(ILogger logger, string listenerId, string eventName);

    [LoggerMessage(405, LogLevel.Warning, "{ListenerId} did not finish in time in the background and was cancelled; it is not told of {EventName} again.")]
    internal static partial void BackgroundCancelled(ILogger logger, string listenerId, string eventName);

    [LoggerMessage(406, LogLevel.Error, "{ListenerId} ignores its cancellation token and still runs on {EventName} in the background while the process ends.")]
    internal static partial void BackgroundStuck(ILogger logger, string listenerId, string eventName);
}
