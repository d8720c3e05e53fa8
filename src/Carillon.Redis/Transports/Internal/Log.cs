using Microsoft.Extensions.Logging;

namespace Carillon.Redis.Transports.Internal;

/// <summary>What the transport logs: 660 to 679.</summary>
internal static partial class Log
{
    [LoggerMessage(660, LogLevel.Warning, "{Server} writes no append-only file: what was published and what is subscribed is lost when it restarts. Set 'appendonly yes' there.")]
    internal static partial void NoAppendOnlyFile(ILogger logger, string server);

    [LoggerMessage(661, LogLevel.Warning, "{Server} removes keys when its memory is full (maxmemory-policy {Policy}), events among them. Set 'maxmemory-policy noeviction' there.")]
    internal static partial void Evicts(ILogger logger, string server, string policy);

    [LoggerMessage(662, LogLevel.Warning, "{Count} events that waited were removed to make room for '{EventName}': a subscription had more than RedisOptions.MaxWaiting, {MaxWaiting}. They are lost to it.")]
    internal static partial void Trimmed(ILogger logger, long count, string eventName, int maxWaiting);

    [LoggerMessage(663, LogLevel.Warning, "{Subscription} cannot be received for now. Next try in {Delay}.")]
    internal static partial void ReceivingInterrupted(ILogger logger, string subscription, TimeSpan delay, Exception exception);

    [LoggerMessage(664, LogLevel.Information, "{Subscription} is received again.")]
    internal static partial void ReceivingAgain(ILogger logger, string subscription);

    [LoggerMessage(665, LogLevel.Warning, "The receiver of {Subscription} was not heard of for longer than its lease: {Count} events that it was handling go to others, and come twice if it ends them.")]
    internal static partial void LeaseLost(ILogger logger, string subscription, int count);

    [LoggerMessage(666, LogLevel.Warning, "What became of an event of {Subscription} could not be told to the server; it comes again.")]
    internal static partial void NotSettled(ILogger logger, string subscription, Exception exception);

    [LoggerMessage(667, LogLevel.Error, "The receiver of an event of {Subscription} has thrown, which it is not to do; the event comes again in {Delay}.")]
    internal static partial void ReceiverThrew(ILogger logger, string subscription, TimeSpan delay, Exception exception);

    [LoggerMessage(668, LogLevel.Warning, "The server could not be told that the receiver of {Subscription} is there. It is told again in {Delay}; after its lease what it has in hand goes to others.")]
    internal static partial void NotExtended(ILogger logger, string subscription, TimeSpan delay, Exception exception);

    [LoggerMessage(669, LogLevel.Warning, "What became of events of {Subscription} cannot be told to the server for now. Next try in {Delay}.")]
    internal static partial void SettledLater(ILogger logger, string subscription, TimeSpan delay, Exception exception);

    [LoggerMessage(670, LogLevel.Error, "{Count} events of {Subscription} are larger than what a receiver can be given, and are given up: as dead letters, unless it is temporary.")]
    internal static partial void Buried(ILogger logger, long count, string subscription);
}
