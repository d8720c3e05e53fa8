namespace Carillon;

/// <summary>Dispatched once, when the host begins to stop: everything runs still, and waits until the listeners have finished.</summary>
/// <param name="OccurredAt">When the host began to stop.</param>
/// <remarks>
/// In a scope of its own, with the token of the host, which is cancelled when its time to stop is over. An exception of a listener is logged by the host
/// and holds up nothing. Nothing is made or dispatched while nobody listens.
/// </remarks>
[Event("application.stopping")]
public sealed record ApplicationStopping(DateTimeOffset OccurredAt) : ILifecycleEvent;
