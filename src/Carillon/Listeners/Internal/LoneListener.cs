using Carillon.Events;

namespace Carillon.Listeners.Internal;

/// <summary>A listener out of a manifest.</summary>
internal sealed class LoneListener(Listener listener, EventType eventType, int plan, ListenerManifest manifest)
{
    // Fields: each accessor would be a method more to compile at the first dispatch.
    internal readonly Listener Listener = listener;
    internal readonly EventType EventType = eventType;

    /// <summary>The number of the plan that calls this listener alone.</summary>
    internal readonly int Plan = plan;

    internal readonly ListenerManifest Manifest = manifest;
}
