using System.Collections.Concurrent;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Events.Internal;
using Carillon.Hosting.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.Logging;

namespace Carillon.Dispatch.Internal;

/// <summary>Asks the providers which listeners a type of event has, and chooses the quickest plan that calls just these.</summary>
internal sealed class PlanFactory
{
    private readonly IListenerProvider[] _providers;
    private readonly CarillonSetup _setup;
    private readonly EventCatalog _events;
    private readonly DeliveryRecorder _recorder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<Type, bool> _orphans = new();
    private readonly Lazy<ServiceLifetimes> _lifetimes;

    public PlanFactory(
        IEnumerable<IListenerProvider> providers,
        CarillonSetup setup,
        EventCatalog events,
        DeliveryRecorder recorder,
        TimeProvider time,
        Loggers loggers)
    {
        _providers = providers.ToArray();
        _setup = setup;
        _events = events;
        _recorder = recorder;
        _time = time;
        _logger = loggers.Dispatch;
        _lifetimes = new Lazy<ServiceLifetimes>(() => new ServiceLifetimes(setup.Services));
        foreach (var provider in _providers)
        {
            provider.Changed += () => ListenersChanged?.Invoke();
        }
    }

    internal event Action? ListenersChanged;

    internal EventPlan<TEvent> Create<TEvent>()
        where TEvent : notnull
    {
        var listeners = GetListeners(typeof(TEvent));
        if (listeners.Length == 0)
        {
            return new EmptyPlan<TEvent>();
        }

        return FindGenerated(typeof(TEvent), listeners) is { } generated
            ? (EventPlan<TEvent>)generated.Create(_lifetimes.Value)
            : new ListenerPlan<TEvent>(CreateSequence(typeof(TEvent), listeners));
    }

    internal EventPlan Create(Type eventType)
    {
        var listeners = GetListeners(eventType);
        return FindGenerated(eventType, listeners) is { } generated
            ? generated.Create(_lifetimes.Value)
            : new ListenerPlan(CreateSequence(eventType, listeners));
    }

    private Listener[] GetListeners(Type eventType)
    {
        var listeners = _providers.SelectMany(provider => provider.GetListeners(eventType)).ToArray();
        if (listeners.Length == 0 && _orphans.TryAdd(eventType, true))
        {
            Log.NoListeners(_logger, _events.NameOf(eventType));
        }

        return listeners;
    }

    private GeneratedPlan? FindGenerated(Type eventType, Listener[] listeners) =>
        _setup.Plans.TryGetValue(eventType, out var plan) && plan.ListenerIds.SequenceEqual(listeners.Select(listener => listener.Id))
            ? plan
            : null;

    private ListenerSequence CreateSequence(Type eventType, Listener[] listeners) =>
        new(_events.NameOf(eventType), listeners, _recorder, _time);
}
