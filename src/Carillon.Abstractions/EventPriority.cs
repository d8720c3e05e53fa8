namespace Carillon;

/// <summary>Names for the bands of listener priorities. Any number is a valid priority; the highest is called first.</summary>
public static class EventPriority
{
    /// <summary>Security checks and validation: before everything else.</summary>
    public const int Critical = 200;

    /// <summary>Transaction logs and audit.</summary>
    public const int High = 100;

    /// <summary>Business logic and notifications.</summary>
    public const int Normal = 50;

    /// <summary>Analytics and clean-up. The default of a listener that names no priority.</summary>
    public const int Low = 0;
}
