using Microsoft.Extensions.Logging;

namespace Carillon.RabbitMq.Transports.Internal;

/// <summary>What the transport logs: 680 to 699.</summary>
internal static partial class Log
{
    [LoggerMessage(680, LogLevel.Information, "Connected to {Transport} for {Purpose}, version {Version}.")]
    internal static partial void Connected(ILogger logger, string transport, string purpose, string version);

    [LoggerMessage(681, LogLevel.Warning, "The connection to {Transport} for {Purpose} is lost: {Reason} It is opened again; what was not confirmed or acknowledged is sent again.")]
    internal static partial void ConnectionLost(ILogger logger, string transport, string purpose, string reason);

    [LoggerMessage(682, LogLevel.Warning, "{Transport} cannot be used for {Purpose}. Next try in {Delay}.")]
    internal static partial void NotConnected(ILogger logger, string transport, string purpose, TimeSpan delay, Exception exception);

    [LoggerMessage(683, LogLevel.Warning, "{Transport} takes no events for now: {Reason}. They wait; give the broker memory or disk, or have its queues emptied.")]
    internal static partial void Blocked(ILogger logger, string transport, string reason);

    [LoggerMessage(684, LogLevel.Information, "{Transport} takes events again.")]
    internal static partial void Unblocked(ILogger logger, string transport);

    [LoggerMessage(685, LogLevel.Warning, "The channel to {Transport} for {Purpose} was closed: {Reason} It is opened again; what was not confirmed or acknowledged is sent again.")]
    internal static partial void ChannelClosed(ILogger logger, string transport, string purpose, string reason);

    [LoggerMessage(686, LogLevel.Error, "What became of an event of the queue '{Queue}' could not be carried out; it comes again, uncounted, in {Delay}.")]
    internal static partial void NotCarriedOut(ILogger logger, string queue, TimeSpan delay, Exception exception);

    [LoggerMessage(687, LogLevel.Warning, "An event of the temporary subscription '{Queue}' was given up and is dropped, since nobody could ever see it: {Reason}")]
    internal static partial void Dropped(ILogger logger, string queue, string reason);

    [LoggerMessage(688, LogLevel.Warning, "Of an event that was put to the dead letters of the queue '{Queue}', {Count} headers are left out: with them it is larger than the broker takes.")]
    internal static partial void HeadersLeftOut(ILogger logger, string queue, int count);

    [LoggerMessage(689, LogLevel.Information, "The queue '{Queue}' does not take {Patterns} any more.")]
    internal static partial void Unbound(ILogger logger, string queue, string patterns);

    [LoggerMessage(690, LogLevel.Error, "{Transport} has sent what RabbitMQ's client cannot read, which ended the connection: {Reason}. It is a message in one of the queues that are received from, and it comes again until it is "
        + "taken out there by other means: docs/rabbitmq.md says how.")]
    internal static partial void Unreadable(ILogger logger, string transport, string reason);

    [LoggerMessage(691, LogLevel.Error, "What was to be done with an event of the queue '{Queue}' has failed where nothing should. It comes again, with all that was not acknowledged, on another channel.")]
    internal static partial void NotHandled(ILogger logger, string queue, Exception exception);

    [LoggerMessage(692, LogLevel.Information, "Somebody else brings what the queue '{Queue}' takes up to date; that is waited for.")]
    internal static partial void WaitsForTurn(ILogger logger, string queue);

    [LoggerMessage(693, LogLevel.Warning, "Somebody else has brought what the queue '{Queue}' takes up to date for {Patience} and has not ended. It takes what is wanted now; what was wanted before is taken away when a receiver "
        + "begins the next time.")]
    internal static partial void NoTurn(ILogger logger, string queue, TimeSpan patience);
}
