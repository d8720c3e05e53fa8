namespace Carillon.Middleware;

/// <summary>How long a dispatch, or one listener in it, took.</summary>
/// <param name="EventName">The name of the event.</param>
/// <param name="ListenerId">The listener; null for the dispatch as a whole.</param>
/// <param name="Duration">By the <see cref="TimeProvider"/> of the application.</param>
/// <param name="Exception">What it threw; null if it succeeded.</param>
public readonly record struct EventTiming(string EventName, string? ListenerId, TimeSpan Duration, Exception? Exception);
