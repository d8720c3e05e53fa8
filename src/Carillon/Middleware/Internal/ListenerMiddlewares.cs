using System.Collections.Concurrent;
using Carillon.Events;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Middleware.Internal;

/// <summary>Puts middleware around listeners: once, when a plan is made, and once for each event that a durable listener takes.</summary>
internal sealed class ListenerMiddlewares(MiddlewareSetup setup, IServiceProvider root, IServiceCollection services)
{
    private readonly ConcurrentDictionary<(Listener Listener, EventType EventType), ListenerInvoker> _ofDurable = new();

    // Made once for each application, not for each plan.
    private readonly ConcurrentDictionary<MiddlewareRegistration, IListenerMiddleware?> _kept = new();

    /// <summary>The same listeners, each with its middleware around it. Durable ones are left as they are: their attempts come to <see cref="OfDurable"/>.</summary>
    internal Listener[] Around(EventType eventType, Listener[] listeners)
    {
        if (!setup.IsAroundListenersOf(eventType))
        {
            return listeners;
        }

        return Array.ConvertAll(listeners, listener => listener.Delivery == Delivery.Durable ? listener : listener.With(Around(eventType, listener)));
    }

    /// <summary>What calls a durable listener with such an event.</summary>
    internal ListenerInvoker OfDurable(Listener listener, EventType eventType) =>
        _ofDurable.GetOrAdd((listener, eventType), static (key, self) => self.Around(key.EventType, key.Listener), this);

    private ListenerInvoker Around(EventType eventType, Listener listener)
    {
        var invoke = listener.Invoke;
        for (var index = setup.AroundListeners.Count - 1; index >= 0; index--)
        {
            var registration = setup.AroundListeners[index];
            if (registration.IsFor(eventType))
            {
                invoke = new ListenerStep(listener, eventType.Name, Keep(registration), registration.Service, invoke).InvokeAsync;
            }
        }

        return invoke;
    }

    private IListenerMiddleware? Keep(MiddlewareRegistration registration) =>
        _kept.GetOrAdd(registration, static (each, self) => (IListenerMiddleware?)each.FindKept(self.Root, self.Services), (Root: root, Services: services));
}
