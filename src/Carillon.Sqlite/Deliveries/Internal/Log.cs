using Microsoft.Extensions.Logging;

namespace Carillon.Sqlite.Deliveries.Internal;

/// <summary>What the store logs: 600 to 619.</summary>
internal static partial class Log
{
    [LoggerMessage(600, LogLevel.Information, "The delivery tables in the {Store} were brought from version {From} to {To}; 0 is none.")]
    internal static partial void Migrated(ILogger logger, string store, int from, int to);
}
