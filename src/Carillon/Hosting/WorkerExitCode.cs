namespace Carillon.Hosting;

/// <summary>How a process ends that was run by <see cref="WorkerHostExtensions.RunWorkerAsync"/>: numbers that whatever restarts it can tell apart.</summary>
/// <remarks>78 and 69 are those of <c>sysexits.h</c>: EX_CONFIG and EX_UNAVAILABLE.</remarks>
public static class WorkerExitCode
{
    /// <summary>It was asked to stop, and has stopped: 0.</summary>
    public const int Stopped = 0;

    /// <summary>Something else has gone wrong: 1.</summary>
    public const int Failed = 1;

    /// <summary>The delivery store or the transport could not be reached at the start: 69. To be started again after a while.</summary>
    public const int Unavailable = 69;

    /// <summary>The application does not fit together: 78. Starting it again changes nothing.</summary>
    public const int Misconfigured = 78;
}
