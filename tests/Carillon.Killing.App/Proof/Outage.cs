namespace Carillon.Killing.App.Proof;

/// <summary>What happens to a server.</summary>
internal enum Outage
{
    /// <summary>Open transactions are rolled back, then it ends.</summary>
    StoppedFast,

    /// <summary>It drops everything, as in a power cut, and recovers at its next start.</summary>
    StoppedAtOnce,

    /// <summary>SIGKILL to all of its processes.</summary>
    Killed,

    /// <summary>It goes on, but everybody's connection is ended.</summary>
    ConnectionsCut,
}
