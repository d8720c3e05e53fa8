namespace Carillon.EventSourcing;

/// <summary>Whether a projection goes on.</summary>
public enum ProjectionStatus
{
    /// <summary>It takes what is appended.</summary>
    Running,

    /// <summary>Somebody has paused it.</summary>
    Paused,

    /// <summary>It failed on an event and waits for somebody to resume it. The others go on.</summary>
    Failed,
}
