using Carillon.Events;

namespace Carillon.Listeners.Internal;

/// <summary>A listener out of a manifest: a line of it, and more only for those who ask.</summary>
internal sealed class LoneListener(string[] parts, Type type, int plan, ListenerManifest manifest)
{
    private Listener? _listener;
    private EventType? _eventType;

    // Fields: each accessor would be a method more to compile at the first dispatch.
    internal readonly Type Type = type;

    /// <summary>The number of the plan that calls this listener alone.</summary>
    internal readonly int Plan = plan;

    internal readonly ListenerManifest Manifest = manifest;

    /// <summary>The same object whenever it is asked for: plans tell by it whether the listener is the only one.</summary>
    internal Listener Listener => _listener ?? MakeListener();

    internal EventType EventType => _eventType ??= new EventType(Type, parts[2], ListenerManifest.Number(parts[3]));

    private Listener MakeListener()
    {
        var made = new Listener(parts[4], Type, Manifest.GetInvoker(ListenerManifest.Number(parts[5]))) { CanDispatch = false };
        return Interlocked.CompareExchange(ref _listener, made, null) ?? made;
    }
}
