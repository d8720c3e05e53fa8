using Microsoft.Extensions.Logging;

namespace Carillon.Diagnostics.Internal;

// The event store and projections: 460 to 479.
internal static partial class Log
{
    [LoggerMessage(460, LogLevel.Warning, "The snapshot of the stream {Stream} at version {Version} cannot be read as {StateType} and is left out: the stream is read from its beginning. "
        + "Give the state another shape when it changes.")]
    internal static partial void SnapshotUnreadable(ILogger logger, string stream, long version, Type stateType, Exception exception);

    [LoggerMessage(461, LogLevel.Warning, "The projection {Projection} failed at position {Position}, attempt {Attempt} of {MaxAttempts}; next attempt in {Delay}.")]
    internal static partial void ProjectionRetries(ILogger logger, string projection, long position, int attempt, int maxAttempts, TimeSpan delay, Exception exception);

    [LoggerMessage(462, LogLevel.Error, "The projection {Projection} (generation {Generation}) has stopped at position {Position}; the others go on. Mend what failed, then resume it with IProjections.ResumeAsync.")]
    internal static partial void ProjectionFailed(ILogger logger, string projection, int generation, long position, Exception exception);

    [LoggerMessage(463, LogLevel.Warning, "The projection {Projection} waits at position {Position}. {Reason}")]
    internal static partial void ProjectionWaits(ILogger logger, string projection, long position, string reason);

    [LoggerMessage(464, LogLevel.Warning, "The lease of the projection {Projection} could not be given back: another process goes on when it has ended, after {LeaseDuration}.")]
    internal static partial void ProjectionNotReleased(ILogger logger, string projection, TimeSpan leaseDuration, Exception exception);

    [LoggerMessage(465, LogLevel.Information, "The projection {Projection} was rebuilt from {Events} events: generation {Generation} is read now.")]
    internal static partial void ProjectionRebuilt(ILogger logger, string projection, int generation, long events);

    [LoggerMessage(466, LogLevel.Warning, "{ProjectionType} is a projection that was not added: nothing runs it, and no dispatch reaches its methods. Add it with AddProjection<T>(name), or take IProjection away.")]
    internal static partial void ProjectionForgotten(ILogger logger, Type projectionType);

    [LoggerMessage(467, LogLevel.Error, "The event store did not answer while the projection {Projection} was run. Next try in {Delay}.")]
    internal static partial void ProjectionHeldUp(ILogger logger, string projection, TimeSpan delay, Exception exception);

    [LoggerMessage(468, LogLevel.Warning, "The projection {Projection} was taken over at position {Position}, by '{Owner}': for {LeaseDuration} this process could not renew its lease. "
        + "What it had under way is rolled back, and taken by the other one. If it was not suspended and the store answers, make EventStoreOptions.LeaseDuration longer.")]
    internal static partial void ProjectionLost(ILogger logger, string projection, long position, string? owner, TimeSpan leaseDuration);
}
