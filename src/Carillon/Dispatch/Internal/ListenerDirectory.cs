using Carillon.Events;
using Carillon.Hosting.Internal;
using Carillon.Listeners;
using Carillon.Listeners.Internal;

namespace Carillon.Dispatch.Internal;

/// <summary>Asks the providers as a dispatch does, without making a plan.</summary>
internal sealed class ListenerDirectory(IListenerProvider[] providers, CarillonSetup setup) : IListenerDirectory
{
    public IReadOnlyList<Listener> GetListeners(EventType eventType)
    {
        ArgumentNullException.ThrowIfNull(eventType);
        var listeners = new List<Listener>();
        foreach (var provider in providers)
        {
            listeners.AddRange(provider.GetListeners(eventType));
        }

        return WithoutMuted(providers, eventType, [.. listeners]);
    }

    public IReadOnlyList<Listener> GetListeners(Type eventType)
    {
        ArgumentNullException.ThrowIfNull(eventType);
        return GetListeners(setup.EventTypeOf(eventType));
    }

    public bool HasListeners<TEvent>()
        where TEvent : notnull => GetListeners(typeof(TEvent)).Count > 0;

    public int? FindPriority<TEvent>(string listenerId)
        where TEvent : notnull
    {
        foreach (var listener in GetListeners(typeof(TEvent)))
        {
            if (listener.Id == listenerId)
            {
                return listener.Priority;
            }
        }

        return null;
    }

    /// <summary>What is muted is muted whichever provider it comes from; the registry keeps the list.</summary>
    internal static Listener[] WithoutMuted(IListenerProvider[] providers, EventType eventType, Listener[] listeners)
    {
        foreach (var provider in providers)
        {
            if (provider is ListenerRegistry { Muting: { } muting })
            {
                return muting.Filter(eventType, listeners);
            }
        }

        return listeners;
    }
}
