using Carillon.Background.Internal;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Events;
using Carillon.Hosting.Internal;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Dispatch.Internal;

/// <summary>Asks the providers which listeners a type of event has, and chooses the quickest plan that calls just these.</summary>
internal sealed class PlanFactory
{
    private readonly IListenerProvider[] _providers;
    private readonly CarillonSetup _setup;
    private readonly IServiceProvider _services;
    private readonly HashSet<Type> _orphans = [];
    private readonly PlanWeaver _weaver;
    private readonly Lazy<PhaseRunner> _phases;
    private readonly SlowListeners? _slow;
    private ServiceLifetimes? _lifetimes;

    internal PlanFactory(IListenerProvider[] providers, CarillonSetup setup, IServiceProvider services)
    {
        _providers = providers;
        _setup = setup;
        _services = services;
        _weaver = new PlanWeaver(setup, services);
        _phases = new Lazy<PhaseRunner>(() => new PhaseRunner(services));
    }

    private PlanFactory(PlanFactory other, SlowListeners slow)
    {
        _providers = other._providers;
        _setup = other._setup;
        _services = other._services;
        _weaver = other._weaver;
        _phases = other._phases;
        _slow = slow;
        // Whoever has no listeners is told of once, wherever it was dispatched.
        _orphans = other._orphans;
    }

    /// <summary>One that makes the same plans with an eye on how long each inline listener takes; null if nobody wants to know.</summary>
    internal PlanFactory? Watching() =>
        (_setup.DispatchOptions?.SlowListenerLimit ?? DispatchOptions.DefaultSlowListenerLimit) is var limit && limit != Timeout.InfiniteTimeSpan
            ? new PlanFactory(this, new SlowListeners(limit, _services.GetRequiredService<TimeProvider>(), Loggers.Of(_services).Dispatch))
            : null;

    internal IListenerProvider[] Providers => _providers;

    // Made at the first dispatch, when the services are complete; made twice at once, both say the same.
    private ServiceLifetimes Lifetimes => _lifetimes ??= new ServiceLifetimes(_setup.Services);

    /// <summary>A generated plan of exactly this type, or a plan over listeners.</summary>
    internal EventPlan Create(Type type)
    {
        if (type == typeof(NamedEvent))
        {
            return new NamedEventPlan();
        }

        var eventType = _setup.EventTypeOf(type);
        var listeners = GetListeners(eventType);
        var generated = _slow is not null || _weaver.IsAroundListeners(eventType) ? null : CreateGenerated(eventType, listeners);
        return _weaver.Around(eventType, listeners, generated ?? new ListenerPlan(listeners.Length == 0 ? null : CreateSequence(eventType, listeners)));
    }

    /// <summary>The listeners one by one, whatever is generated: a plan has no use for what they return.</summary>
    internal EventPlan CreateForResults(Type type)
    {
        var eventType = _setup.EventTypeOf(type);
        var listeners = GetListeners(eventType);
        return _weaver.Around(eventType, listeners, new ResultPlan(CreateSequence(eventType, listeners)));
    }

    /// <summary>The plan of a name.</summary>
    /// <param name="eventType">The named event.</param>
    /// <param name="payloadType">The type of the payload if the listeners take it by itself; null if they take the named event.</param>
    /// <param name="listeners">Those that take part.</param>
    internal EventPlan CreateNamed(EventType eventType, Type? payloadType, Listener[] listeners)
    {
        var generated = _slow is null && payloadType is not null && _setup.NamedPlans is { } plans && plans.TryGetValue((eventType.Name, payloadType), out var plan)
            ? IsOf(plan, listeners)?.Create(Lifetimes)
            : null;
        return _weaver.Around(eventType, listeners, generated ?? new ListenerPlan(listeners.Length == 0 ? null : CreateSequence(eventType, listeners)));
    }

    /// <summary>The plan of a name for an emitter that wants results.</summary>
    internal EventPlan CreateNamedForResults(EventType eventType, Listener[] listeners) =>
        _weaver.Around(eventType, listeners, new ResultPlan(CreateSequence(eventType, listeners)));

    /// <summary>Whether anything but its listeners sees a named event.</summary>
    internal bool IsSurrounded(EventType eventType) => _weaver.IsAround(eventType);

    internal string NameOf(Type type) => _setup.EventTypeOf(type).Name;

    internal bool IsEvent(string name) => _setup.EventTypesByName.ContainsKey(name);

    internal Listener[] Ask(EventType eventType) =>
        _providers.Length == 1 && _providers[0].GetListeners(eventType) is Listener[] all ? all : AskAll(eventType);

    private Listener[] GetListeners(EventType eventType)
    {
        var listeners = Ask(eventType);
        if (listeners.Length == 0)
        {
            SayOrphan(eventType);
        }

        return listeners;
    }

    private Listener[] AskAll(EventType eventType) =>
        ListenerDirectory.WithoutMuted(_providers, eventType, [.. _providers.SelectMany(provider => provider.GetListeners(eventType))]);

    private void SayOrphan(EventType eventType)
    {
        bool isNew;
        lock (_orphans)
        {
            isNew = _orphans.Add(eventType.Type);
        }

        if (isNew)
        {
            Log.NoListeners(Loggers.Of(_services).Dispatch, eventType.Name, eventType.Type);
        }
    }

    // It ends at the first failure.
    private EventPlan? CreateGenerated(EventType eventType, Listener[] listeners) =>
        eventType.Errors != EventErrors.StopAtFirst ? null
        : listeners.Length == 1 && _setup.Manifests.Find(eventType.Type) is { } lone && lone.Listener == listeners[0]
            ? ((GeneratedManifest)lone.Manifest).CreatePlan(lone.Plan, Lifetimes)
            : FindGenerated(eventType.Type, listeners)?.Create(Lifetimes);

    private GeneratedPlan? FindGenerated(Type eventType, Listener[] listeners) =>
        _setup.Plans.TryGetValue(eventType, out var plan) ? IsOf(plan, listeners) : null;

    // Null unless they are all that it calls.
    private static GeneratedPlan? IsOf(GeneratedPlan plan, Listener[] listeners)
    {
        if (plan.ListenerIds.Count != listeners.Length)
        {
            return null;
        }

        for (var index = 0; index < listeners.Length; index++)
        {
            if (plan.ListenerIds[index] != listeners[index].Id)
            {
                return null;
            }
        }

        return plan;
    }

    // The recorder brings the serializer and the store with it: it is made for the first event that needs it.
    private ListenerSequence CreateSequence(EventType eventType, Listener[] listeners) =>
        new(
            eventType.Name,
            DispatchPolicy.Of(eventType, Around(eventType, listeners), _weaver.HasListenerMiddleware(eventType), _services),
            new Lazy<DeliveryRecorder>(() => DurableEngine.Get<DeliveryRecorder>(_services)),
            new Lazy<BackgroundQueue>(() => BackgroundEngine.Get(_services, eventType)),
            _phases,
            _services.GetRequiredService<TimeProvider>());

    private Listener[] Around(EventType eventType, Listener[] listeners)
    {
        var around = _weaver.AroundListeners(
            eventType, listeners, eventType.Type == typeof(NamedEvent) ? listeners : NamedListeners.OfTyped(listeners, eventType.Name));
        return _slow is null ? around : _slow.Watch(around, eventType.Name);
    }
}
