using Carillon.Events;

namespace Carillon.Listeners.Internal;

/// <summary>The provider that an application has put together; what is muted is muted there too.</summary>
internal sealed class ComposedProvider(IListenerProvider inner, ListenerRegistry registry) : IListenerProvider
{
    // Muting is said by the registry, whether or not its listeners are among those of the provider.
    public event Action? Changed
    {
        add
        {
            inner.Changed += value;
            registry.Changed += value;
        }

        remove
        {
            inner.Changed -= value;
            registry.Changed -= value;
        }
    }

    public IEnumerable<Listener> GetListeners(EventType eventType)
    {
        Listener[] listeners = [.. inner.GetListeners(eventType)];
        return registry.Muting is { } muting ? muting.Filter(eventType, listeners) : listeners;
    }
}
