namespace Carillon.Testing;

/// <summary>The host under test has crashed where the test wanted it to: this ends the code that would have died with the process.</summary>
public sealed class HostCrashedException : Exception
{
    internal HostCrashedException(CrashPoint point)
        : base($"The host has crashed at {point}, as the test wanted. What it does from here on fails: call CrashPoints.Restart() to go on as the process that comes after it.") => Point = point;

    /// <summary>Where.</summary>
    public CrashPoint Point { get; }
}
