using Microsoft.Extensions.Logging;

namespace Carillon.Postgres.Deliveries.Internal;

/// <summary>What the store logs: 620 to 639.</summary>
internal static partial class Log
{
    [LoggerMessage(620, LogLevel.Information, "The delivery tables in the {Store} were brought from version {From} to {To}; 0 is none.")]
    internal static partial void Migrated(ILogger logger, string store, int from, int to);

    [LoggerMessage(621, LogLevel.Information, "Other processes are heard at once: by notifications of the {Store} on the channel '{Channel}'.")]
    internal static partial void Listening(ILogger logger, string store, string channel);

    [LoggerMessage(622, LogLevel.Information, "Other processes are heard by polling alone: PostgresOptions.UseNotifications is false for the {Store}.")]
    internal static partial void NotListening(ILogger logger, string store);

    [LoggerMessage(623, LogLevel.Warning, "Notifications of the {Store} do not come through; other processes are heard by polling meanwhile. Next try in {Delay}.")]
    internal static partial void NotificationsLost(ILogger logger, string store, TimeSpan delay, Exception exception);
}
