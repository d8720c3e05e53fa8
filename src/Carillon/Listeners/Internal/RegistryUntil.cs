namespace Carillon.Listeners.Internal;

/// <summary>The registry as one sees it who wants what he adds to be gone when a token is cancelled.</summary>
internal sealed class RegistryUntil(ListenerRegistry registry, CancellationToken[] tokens) : IListenerRegistry
{
    public event Action<Listener>? ListenerAdded
    {
        add => registry.ListenerAdded += value;
        remove => registry.ListenerAdded -= value;
    }

    public event Action<Listener>? ListenerRemoved
    {
        add => registry.ListenerRemoved += value;
        remove => registry.ListenerRemoved -= value;
    }

    public IDisposable Add(Listener listener, int? times = null) => registry.Add(listener, times, tokens);

    public IListenerRegistry Until(CancellationToken cancellationToken) => new RegistryUntil(registry, [.. tokens, cancellationToken]);

    public bool Remove(string listenerId) => registry.Remove(listenerId);

    public IDisposable Mute(string listenerId) => registry.Mute(listenerId);

    public IDisposable Mute<TEvent>()
        where TEvent : notnull => registry.Mute<TEvent>();
}
