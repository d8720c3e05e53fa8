namespace Carillon.Dispatch;

/// <summary>What can be said of dispatches as such.</summary>
public sealed class DispatchOptions
{
    internal const int DefaultMaxChainDepth = 64;

    // Each link takes room on the stack as long as listeners complete at once.
    internal const int LargestMaxChainDepth = 1_000;

    /// <summary>
    /// How deep events may be dispatched inside the listeners of other events before the dispatch is refused with an
    /// <see cref="EventChainTooDeepException"/>. Between 1 and 1,000; defaults to 64. A chain that is that deep is hardly ever meant.
    /// </summary>
    public int MaxChainDepth { get; set; } = DefaultMaxChainDepth;

    internal static readonly TimeSpan DefaultSlowListenerLimit = TimeSpan.FromSeconds(1);

    /// <summary>How long an inline listener may take inside an open transaction without a word in the log.</summary>
    internal TimeSpan? SlowListenerLimit { get; set; }
}
