using Carillon.Events;

namespace Carillon.Listeners.Internal;

/// <summary>A listener out of a manifest.</summary>
/// <param name="Listener">The listener.</param>
/// <param name="EventType">Its event.</param>
/// <param name="Plan">The number of the plan that calls this listener alone.</param>
/// <param name="Manifest">Where it comes from.</param>
internal sealed record LoneListener(Listener Listener, EventType EventType, int Plan, ListenerManifest Manifest);
