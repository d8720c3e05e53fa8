namespace Carillon.Listeners;

/// <summary>What one call of a listener has at hand beside the event.</summary>
public readonly struct ListenerCall
{
    private readonly int _earlierAttempts;

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
    public CancellationToken CancellationToken { get; private init; }

    /// <summary>Which attempt of a durable listener this is, counted from 1. Always 1 for any other listener.</summary>
    public int Attempt => _earlierAttempts + 1;

    internal int EarlierAttempts
    {
        init => _earlierAttempts = value;
    }

    /// <summary>The same call under another token.</summary>
    internal ListenerCall With(CancellationToken cancellationToken) => this with { CancellationToken = cancellationToken };
}
