namespace Carillon;

/// <summary>A listener failed where no emitter is left to be told: in the background. Listen to it to hear of such failures.</summary>
/// <param name="ListenerId">The listener.</param>
/// <param name="EventName">The name of the event it was called with.</param>
/// <param name="Event">The event itself.</param>
/// <param name="Exception">What it threw.</param>
/// <remarks>
/// Dispatched in a scope of its own, after the failure was logged. The failure of one who listens to this event is logged and not announced again.
/// </remarks>
[Event("listener.failed")]
public sealed record ListenerFailed(string ListenerId, string EventName, object Event, Exception Exception);
