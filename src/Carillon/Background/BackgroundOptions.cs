namespace Carillon.Background;

/// <summary>How this process runs listeners in the background.</summary>
public sealed class BackgroundOptions
{
    internal const int DefaultCapacity = 1024;
    internal const int DefaultMaxConcurrency = 16;
    internal static readonly TimeSpan DefaultDrainTimeout = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How many calls of background listeners wait at most. Those that a background listener brings about come on top, and those of one event that has more such listeners than
    /// this. Defaults to 1,024.
    /// </summary>
    public int Capacity { get; set; } = DefaultCapacity;

    /// <summary>
    /// How many background listeners run at the same time. They begin in the order in which they were noted; with more than 1 they can overtake one another.
    /// Defaults to 16.
    /// </summary>
    public int MaxConcurrency { get; set; } = DefaultMaxConcurrency;

    /// <summary>
    /// What a dispatch does when no more may wait. Defaults to <see cref="Carillon.WhenFull.Wait"/>. What is dropped is logged; with
    /// <see cref="Carillon.WhenFull.Fail"/> the dispatch throws a <see cref="CarillonException"/> after its inline listeners and leaves nothing behind, no delivery
    /// either.
    /// </summary>
    public WhenFull WhenFull { get; set; }

    /// <summary>
    /// How long a stopping process goes on with what waits and runs before it cancels it. Keep it below the host's shutdown time-out. Defaults to 20 seconds.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = DefaultDrainTimeout;
}
