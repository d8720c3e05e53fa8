using Carillon.Events;

namespace Carillon.Listeners.Providers;

/// <summary>A provider that can be asked and nothing else, whatever the one behind it can do.</summary>
public sealed class ReadOnlyProvider : IListenerProvider
{
    private readonly IListenerProvider _inner;

    /// <summary>Wraps a provider.</summary>
    public ReadOnlyProvider(IListenerProvider inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _inner = inner;
    }

    /// <inheritdoc/>
    public event Action? Changed
    {
        add => _inner.Changed += value;
        remove => _inner.Changed -= value;
    }

    /// <inheritdoc/>
    public IEnumerable<Listener> GetListeners(EventType eventType) => _inner.GetListeners(eventType);
}
