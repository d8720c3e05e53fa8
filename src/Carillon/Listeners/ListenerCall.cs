namespace Carillon.Listeners;

/// <summary>What one call of a listener has at hand beside the event.</summary>
public readonly struct ListenerCall
{
    internal ListenerCall(IServiceProvider services, EventContext? context, CancellationToken cancellationToken)
    {
        Services = services;
        Context = context;
        CancellationToken = cancellationToken;
    }

    /// <summary>The scope in which the listener and its dependencies are resolved.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The context of the dispatch; set only for listeners that declare <see cref="Listener.NeedsContext"/>.</summary>
    public EventContext? Context { get; }

    /// <summary>Cancelled when the emitter gives up or the worker has to stop.</summary>
    public CancellationToken CancellationToken { get; }
}
