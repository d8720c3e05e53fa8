namespace Carillon.EventSourcing.Internal;

/// <summary>Why a projection does not go on for now.</summary>
internal enum CourseEnd
{
    /// <summary>It has taken everything that can be read.</summary>
    CaughtUp,

    /// <summary>Its lease is lost, or somebody has paused it.</summary>
    Lost,

    /// <summary>An event cannot be read by this release: another process may know it.</summary>
    Unknown,

    /// <summary>It failed on an event, for the last time.</summary>
    Failed,
}
