namespace Carillon;

/// <summary>A listener that failed while others ran on.</summary>
/// <param name="ListenerId">The id of the listener.</param>
/// <param name="Exception">What it threw: the same instance, with its stack.</param>
public sealed record ListenerFailure(string ListenerId, Exception Exception);
