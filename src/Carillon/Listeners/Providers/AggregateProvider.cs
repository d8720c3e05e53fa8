using Carillon.Events;

namespace Carillon.Listeners.Providers;

/// <summary>Several providers as one: the listeners of the first, then those of the second. Each keeps its own order.</summary>
public sealed class AggregateProvider : IListenerProvider
{
    private readonly IListenerProvider[] _providers;

    /// <summary>Puts providers together.</summary>
    /// <param name="providers">In the order in which their listeners are called.</param>
    public AggregateProvider(params IEnumerable<IListenerProvider> providers) => _providers = [.. providers];

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
