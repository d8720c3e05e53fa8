using System.Collections.Frozen;

namespace Carillon.Deliveries;

/// <summary>The events and durable listeners that this application has: what a parked delivery waits for.</summary>
/// <param name="EventNames">The names of its events.</param>
/// <param name="ListenerIds">The ids of its durable listeners.</param>
public sealed record KnownNames(FrozenSet<string> EventNames, FrozenSet<string> ListenerIds);
