using Carillon.Events;

namespace Carillon.Listeners.Providers;

/// <summary>Leaves out listeners: by what they are and which event it is, for access control.</summary>
/// <remarks>
/// It is asked once for each type of event, not at each dispatch. What depends on the user or the event itself belongs into a listener middleware. A durable
/// listener that is left out gets no new deliveries; those that are stored are still run.
/// </remarks>
public sealed class FilteringProvider : IListenerProvider
{
    private readonly IListenerProvider _inner;
    private readonly Func<Listener, EventType, bool> _isAllowed;

    /// <summary>Puts a filter in front of a provider.</summary>
    /// <param name="inner">The provider.</param>
    /// <param name="isAllowed">Whether the listener may be called with such events. Must be safe for concurrent use.</param>
    public FilteringProvider(IListenerProvider inner, Func<Listener, EventType, bool> isAllowed)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(isAllowed);
        _inner = inner;
        _isAllowed = isAllowed;
    }

    /// <inheritdoc/>
    public event Action? Changed
    {
        add
        {
            _inner.Changed += value;
            FilterChanged += value;
        }

        remove
        {
            _inner.Changed -= value;
            FilterChanged -= value;
        }
    }

    private event Action? FilterChanged;

    /// <summary>Has the filter asked anew: call it after its answer may have changed.</summary>
    public void Refresh() => FilterChanged?.Invoke();

    /// <inheritdoc/>
    public IEnumerable<Listener> GetListeners(EventType eventType) => _inner.GetListeners(eventType).Where(listener => _isAllowed(listener, eventType)).ToArray();
}
