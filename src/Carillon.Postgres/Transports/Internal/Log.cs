using Microsoft.Extensions.Logging;

namespace Carillon.Postgres.Transports.Internal;

/// <summary>What the transport logs: 630 to 639.</summary>
internal static partial class Log
{
    [LoggerMessage(630, LogLevel.Warning, "{Subscription} cannot be received for now. Next try in {Delay}.")]
    internal static partial void ReceivingInterrupted(ILogger logger, string subscription, TimeSpan delay, Exception exception);

    [LoggerMessage(631, LogLevel.Information, "{Subscription} is received again.")]
    internal static partial void ReceivingAgain(ILogger logger, string subscription);

    [LoggerMessage(632, LogLevel.Warning, "The receiver of {Subscription} was not heard of for longer than its lease: {Count} events that it was handling go to others, and come twice if it ends them.")]
    internal static partial void LeaseLost(ILogger logger, string subscription, int count);

    [LoggerMessage(633, LogLevel.Warning, "What became of an event of {Subscription} could not be told to the server; it comes again.")]
    internal static partial void NotSettled(ILogger logger, string subscription, Exception exception);

    [LoggerMessage(634, LogLevel.Error, "The receiver of an event of {Subscription} has thrown, which it is not to do; the event comes again in {Delay}.")]
    internal static partial void ReceiverThrew(ILogger logger, string subscription, TimeSpan delay, Exception exception);

    [LoggerMessage(635, LogLevel.Warning, "The server could not be told that the receiver of {Subscription} is there. It is told again in {Delay}; after its lease what it has in hand goes to others.")]
    internal static partial void NotExtended(ILogger logger, string subscription, TimeSpan delay, Exception exception);

    [LoggerMessage(636, LogLevel.Warning, "What became of events of {Subscription} cannot be told to the server for now. Next try in {Delay}.")]
    internal static partial void SettledLater(ILogger logger, string subscription, TimeSpan delay, Exception exception);

    [LoggerMessage(637, LogLevel.Warning, "{Database}: what receivers had that have crashed cannot be given to others for now, and nothing is cleared away after them. Next try in {Delay}.")]
    internal static partial void NotCleared(ILogger logger, string database, TimeSpan delay, Exception exception);
}
