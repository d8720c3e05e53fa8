using Carillon.Background.Internal;
using Carillon.Deliveries.Internal;
using Carillon.Diagnostics.Internal;
using Carillon.Events;
using Carillon.Hosting.Internal;
using Carillon.Listeners;
using Carillon.Listeners.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Dispatch.Internal;

/// <summary>Asks the providers which listeners a type of event has, and chooses the quickest plan that calls just these.</summary>
internal sealed class PlanFactory
{
    internal readonly IListenerProvider[] Providers;
    private readonly CarillonSetup _setup;
    private readonly IServiceProvider _services;
    private readonly object _gate;
    private readonly SlowListeners? _slow;
    private readonly DispatchObserver? _observer;
    private HashSet<Type>? _orphans;
    private PlanWeaver? _weaver;
    private Lazy<PhaseRunner>? _phases;
    private ServiceLifetimes? _lifetimes;

    internal PlanFactory(IListenerProvider[] providers, CarillonSetup setup, IServiceProvider services)
    {
        Providers = providers;
        _setup = setup;
        _services = services;
        _gate = new object();
    }

    private PlanFactory(PlanFactory other, SlowListeners? slow, DispatchObserver? observer)
    {
        Providers = other.Providers;
        _setup = other._setup;
        _services = other._services;
        _weaver = other._weaver;
        _slow = slow;
        _observer = observer;
        // Whoever has no listeners is told of once, wherever it was dispatched.
        (_gate, _orphans) = (other._gate, other._orphans ??= []);
    }

    // Not needed while nothing is around any event; made twice at once, one of them stays.
    private PlanWeaver Weaver => _weaver ?? Interlocked.CompareExchange(ref _weaver, new PlanWeaver(_setup, _services), null) ?? _weaver;

    // Not needed while no listener belongs to a phase.
    private Lazy<PhaseRunner> Phases => _phases ??= new Lazy<PhaseRunner>(() => new PhaseRunner(_services));

    /// <summary>One that makes the same plans with an eye on how long each inline listener takes; null if nobody wants to know.</summary>
    internal PlanFactory? Watching() =>
        (_setup.DispatchOptions?.SlowListenerLimit ?? DispatchOptions.DefaultSlowListenerLimit) is var limit && limit != Timeout.InfiniteTimeSpan
            ? new PlanFactory(this, new SlowListeners(limit, _services.GetRequiredService<TimeProvider>(), Loggers.Of(_services).Dispatch), _observer)
            : null;

    /// <summary>One that makes the same plans with somebody around each of them who watches.</summary>
    internal PlanFactory Observing(DispatchObserver observer) => new(this, _slow, observer);

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
        var generated = _slow is not null || Weaver.IsAroundListeners(eventType) ? null : CreateGenerated(eventType, listeners);
        return Around(eventType, listeners, generated ?? new ListenerPlan(listeners.Length == 0 ? null : CreateSequence(eventType, listeners)));
    }

    /// <summary>What can call the listener of the type before there is a plan; null unless that is one out of a manifest, with nothing around it.</summary>
    internal EarlyPlan? CreateEarly(Type type)
    {
        var lone = _slow is null && _observer is null ? _setup.Manifests.Find(type) : null;
        return lone is not null && (_setup.IsPlain || MayBeCalledAlone(type)) && (IsSeenToBeAlone(lone) || IsAlone(lone))
            ? new EarlyPlan(lone, _lifetimes ??= new ServiceLifetimes(_setup.Services))
            : null;
    }

    // What most events have nothing of stands in methods of its own: the first dispatch does not compile it.
    private bool MayBeCalledAlone(Type type)
    {
        var eventType = _setup.EventTypeOf(type);
        return _setup.FindPublisher(eventType) is null && eventType.Errors == EventErrors.StopAtFirst && !Weaver.IsAround(eventType);
    }

    private bool IsSeenToBeAlone(LoneListener lone) => Providers.Length == 1 && Providers[0] is ListenerRegistry registry && registry.IsAlone(lone);

    private bool IsAlone(LoneListener lone) => Ask(_setup.EventTypeOf(lone.Type)) is [var only] && only == lone.Listener;

    /// <summary>The listeners one by one, whatever is generated: a plan has no use for what they return.</summary>
    internal EventPlan CreateForResults(Type type)
    {
        var eventType = _setup.EventTypeOf(type);
        var listeners = GetListeners(eventType);
        return Around(eventType, listeners, new ResultPlan(CreateSequence(eventType, listeners)));
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
        return Around(eventType, listeners, generated ?? new ListenerPlan(listeners.Length == 0 ? null : CreateSequence(eventType, listeners)));
    }

    /// <summary>The plan of a name for an emitter that wants results.</summary>
    internal EventPlan CreateNamedForResults(EventType eventType, Listener[] listeners) =>
        Around(eventType, listeners, new ResultPlan(CreateSequence(eventType, listeners)));

    /// <summary>Whether anything but its listeners sees a named event.</summary>
    internal bool IsSurrounded(EventType eventType) => Weaver.IsAround(eventType);

    internal string NameOf(Type type) => _setup.EventTypeOf(type).Name;

    internal bool IsEvent(string name) => _setup.EventTypesByName.ContainsKey(name);

    internal Listener[] Ask(EventType eventType) =>
        Providers.Length == 1 && Providers[0].GetListeners(eventType) is Listener[] all ? all : AskAll(eventType);

    private Listener[] GetListeners(EventType eventType)
    {
        if (typeof(IJob).IsAssignableFrom(eventType.Type))
        {
            throw new CarillonException(
                $"The job '{eventType.Name}' ({eventType.Type}) was dispatched, but a job has a handler and no listeners. Push it: IJobs.PushAsync(job).");
        }

        var listeners = Ask(eventType);
        if (_setup.FindPublisher(eventType) is { } publisher)
        {
            return [.. listeners, publisher];
        }

        if (listeners.Length == 0)
        {
            SayOrphan(eventType);
        }

        return listeners;
    }

    private Listener[] AskAll(EventType eventType) =>
        ListenerDirectory.WithoutMuted(Providers, eventType, [.. Providers.SelectMany(provider => provider.GetListeners(eventType))]);

    private void SayOrphan(EventType eventType)
    {
        bool isNew;
        lock (_gate)
        {
            isNew = (_orphans ??= []).Add(eventType.Type);
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
            DispatchPolicy.Of(eventType, Around(eventType, listeners), Weaver.HasListenerMiddleware(eventType), _services),
            new Lazy<DeliveryRecorder>(() => DurableEngine.Get<DeliveryRecorder>(_services)),
            new Lazy<BackgroundQueue>(() => BackgroundEngine.Get(_services, eventType)),
            Phases,
            _services.GetRequiredService<TimeProvider>());

    private EventPlan Around(EventType eventType, Listener[] listeners, EventPlan plan)
    {
        var surrounded = Weaver.Around(eventType, listeners, plan);
        return _observer is null ? surrounded : _observer.Around(eventType.Name, surrounded);
    }

    private Listener[] Around(EventType eventType, Listener[] listeners)
    {
        var around = Weaver.AroundListeners(
            eventType, listeners, eventType.Type == typeof(NamedEvent) ? listeners : NamedListeners.OfTyped(listeners, eventType.Name));
        return _slow is null ? around : _slow.Watch(around, eventType.Name);
    }
}
