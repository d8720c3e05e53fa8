using Carillon.Events;

namespace Carillon.Listeners.Providers;

/// <summary>Asks a provider of their own about some events, and another one about all others. Immutable.</summary>
public sealed class DelegatingProvider : IListenerProvider
{
    private readonly IListenerProvider _others;
    private readonly (Type EventType, IListenerProvider Provider)[] _dedicated;

    /// <summary>Starts with one provider for all events.</summary>
    /// <param name="others">Asked about every event that has no provider of its own.</param>
    public DelegatingProvider(IListenerProvider others)
        : this(others, [])
    {
        ArgumentNullException.ThrowIfNull(others);
    }

    private DelegatingProvider(IListenerProvider others, (Type EventType, IListenerProvider Provider)[] dedicated)
    {
        _others = others;
        _dedicated = dedicated;
    }

    /// <inheritdoc/>
    public event Action? Changed
    {
        add
        {
            _others.Changed += value;
            foreach (var (_, provider) in _dedicated)
            {
                provider.Changed += value;
            }
        }

        remove
        {
            _others.Changed -= value;
            foreach (var (_, provider) in _dedicated)
            {
                provider.Changed -= value;
            }
        }
    }

    /// <summary>Gives some events a provider of their own. It alone is asked about them, also when it has no listener for them.</summary>
    /// <typeparam name="TEvent">A type of event, a base class or an interface. Of two that fit an event, the one that was named first counts.</typeparam>
    /// <returns>A new provider; this one stays as it is.</returns>
    public DelegatingProvider For<TEvent>(IListenerProvider provider)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(provider);
        return new DelegatingProvider(_others, [.. _dedicated, (typeof(TEvent), provider)]);
    }

    /// <inheritdoc/>
    public IEnumerable<Listener> GetListeners(EventType eventType)
    {
        ArgumentNullException.ThrowIfNull(eventType);
        foreach (var (type, provider) in _dedicated)
        {
            if (type.IsAssignableFrom(eventType.Type))
            {
                return provider.GetListeners(eventType);
            }
        }

        return _others.GetListeners(eventType);
    }
}
