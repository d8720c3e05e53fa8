using Microsoft.Extensions.Logging;

namespace Carillon.Diagnostics.Internal;

/// <summary>What is logged of sagas: 150 to 159.</summary>
internal static partial class Log
{
    [LoggerMessage(150, LogLevel.Information, "{ListenerId} left out {EventName} {EventId} for the saga {Saga} {Key}: {Reason}.")]
    internal static partial void SagaEventIgnored(ILogger logger, string listenerId, string saga, string key, string eventName, Guid eventId, string reason);

    [LoggerMessage(151, LogLevel.Debug, "{ListenerId} was overtaken on {EventName} {EventId}: another event of the saga {Saga} {Key} was first. It comes again at once.")]
    internal static partial void SagaOvertaken(ILogger logger, string listenerId, string saga, string key, string eventName, Guid eventId);

    [LoggerMessage(152, LogLevel.Debug, "The saga {Saga} {Key} has ended as {Status} after {Steps} steps. {Reason}")]
    internal static partial void SagaEnded(ILogger logger, string saga, string key, string status, long steps, string? reason);
}
