using Carillon.Events;

namespace Carillon.Listeners.Providers;

/// <summary>Several providers as one: the listeners of the first, then those of the second. Each keeps its own order.</summary>
public sealed class AggregateProvider : IListenerProvider
{
    private readonly IListenerProvider[] _providers;

    /// <summary>Puts providers together.</summary>
    /// <param name="providers">In the order in which their listeners are called.</param>
    /// <exception cref="ArgumentException">One of them is null.</exception>
    public AggregateProvider(params IEnumerable<IListenerProvider> providers)
    {
        ArgumentNullException.ThrowIfNull(providers);
        _providers = [.. providers];
        if (Array.IndexOf(_providers, null) is >= 0 and var missing)
        {
            throw new ArgumentException($"Provider {missing + 1} of {_providers.Length} is null. Leave it out, or give one that has no listeners.", nameof(providers));
        }
    }

    /// <inheritdoc/>
    public event Action? Changed
    {
        add
        {
            foreach (var provider in _providers)
            {
                provider.Changed += value;
            }
        }

        remove
        {
            foreach (var provider in _providers)
            {
                provider.Changed -= value;
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Listener> GetListeners(EventType eventType) => _providers.SelectMany(provider => provider.GetListeners(eventType)).ToArray();
}
