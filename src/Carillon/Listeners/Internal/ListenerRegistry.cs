using Carillon.Events;

namespace Carillon.Listeners.Internal;

/// <summary>The built-in provider: every listener of the application, by priority, then by registration.</summary>
internal sealed class ListenerRegistry : IListenerProvider, IListenerRegistry
{
    private readonly Lock _gate = new();

    // Replaced as a whole under the gate, so that readers take no lock and a dispatch keeps what it began with.
    private volatile Listeners _listeners;

    private readonly ListenerManifests _manifests;

    internal ListenerRegistry(IReadOnlyList<Listener> listeners, ListenerManifests manifests)
    {
        _manifests = manifests;
        _listeners = new Listeners(listeners, manifests);
    }

    public event Action? Changed;

    internal IReadOnlyList<Listener> All => _listeners.All;

    public IEnumerable<Listener> GetListeners(EventType eventType) => _listeners.Of(eventType);

    internal Listener? FindDurable(string id) => _listeners.FindDurable(id);

    public IDisposable Add(Listener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        if (listener.Delivery == Delivery.Durable)
        {
            throw new CarillonException(
                $"The durable listener '{listener.Id}' of '{listener.EventType}' was added while the application runs. Deliveries that are already stored "
                + "must find it when the host starts: add it in AddCarillon.");
        }

        if ((InlineOnly.Fault(listener) ?? ListenerPattern.Fault(listener)) is { } fault)
        {
            throw new CarillonException(fault);
        }

        lock (_gate)
        {
            if (_listeners.All.FirstOrDefault(other => other.Id == listener.Id) is { } taken)
            {
                throw new CarillonException(
                    $"The id '{listener.Id}' of a listener of '{listener.EventType}' is taken by a listener of '{taken.EventType}'. Give one of them another id.");
            }

            if (_manifests.HasListener(listener.Id))
            {
                throw new CarillonException($"The id '{listener.Id}' of a listener of '{listener.EventType}' is taken by another listener. Give one of them another id.");
            }

            Listener[] all = [.. _listeners.All, listener];
            if (ListenerConstraints.HasAny(all) && ListenerConstraints.FindCycle(all) is { } cycle)
            {
                throw new CarillonException($"The listener '{listener.Id}' was not added. {cycle}");
            }

            _listeners = new Listeners(all, _manifests);
        }

        Changed?.Invoke();
        return new Registration(this, listener);
    }

    private void Remove(Listener listener)
    {
        lock (_gate)
        {
            _listeners = new Listeners(_listeners.All.Where(other => other != listener).ToArray(), _manifests);
        }

        Changed?.Invoke();
    }

    private sealed class Registration(ListenerRegistry registry, Listener listener) : IDisposable
    {
        private ListenerRegistry? _registry = registry;

        public void Dispose() => Interlocked.Exchange(ref _registry, null)?.Remove(listener);
    }
}
