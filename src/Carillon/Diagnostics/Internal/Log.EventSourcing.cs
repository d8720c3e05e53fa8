using Microsoft.Extensions.Logging;

namespace Carillon.Diagnostics.Internal;

// The event store and projections: 460 to 479.
internal static partial class Log
{
    [LoggerMessage(460, LogLevel.Warning, "The snapshot of the stream {Stream} at version {Version} cannot be read as {StateType} and is left out: the stream is read from its beginning. "
        + "Give the state another shape when it changes.")]
    internal static partial void SnapshotUnreadable(ILogger logger, string stream, long version, Type stateType, Exception exception);
}
