using System.Collections.Concurrent;
using Carillon.Diagnostics.Internal;
using Carillon.Events;
using Carillon.Hosting.Internal;
using Carillon.Listeners;
using Carillon.Listeners.Internal;
using Carillon.Middleware;
using Carillon.Middleware.Internal;
using Carillon.Tracing;
using Carillon.Tracing.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Dispatch.Internal;

/// <summary>Puts around a plan what its event needs and what the application has asked for: middleware, a trace, a link of the chain. Most need nothing.</summary>
internal sealed class PlanWeaver
{
    private readonly CarillonSetup _setup;
    private readonly IServiceProvider _services;
    private readonly MiddlewareSetup? _middleware;
    // Only where there is middleware: the first of a program costs it something.
    private readonly ConcurrentDictionary<MiddlewareRegistration, IEventMiddleware?>? _kept;
    private readonly DispatchTrace? _trace;
    private ChainFlow? _flow;

    internal PlanWeaver(CarillonSetup setup, IServiceProvider services)
    {
        _setup = setup;
        _services = services;
        _middleware = setup.Middleware;
        _kept = _middleware is null ? null : new ConcurrentDictionary<MiddlewareRegistration, IEventMiddleware?>();
        _trace = setup.HasTracing ? (DispatchTrace)services.GetRequiredService<IDispatchTrace>() : null;
    }

    private ChainFlow Flow => _flow ??= new ChainFlow(_setup.DispatchOptions ?? new DispatchOptions());

    /// <summary>Whether each listener of such an event has something around it, which a generated plan would not call.</summary>
    internal bool IsAroundListeners(EventType eventType) => _trace is not null || HasListenerMiddleware(eventType);

    /// <summary>Whether such an event has anything around its dispatch or its listeners, links of chains apart.</summary>
    internal bool IsAround(EventType eventType) =>
        IsAroundListeners(eventType) || (_middleware is not null && _middleware.IsAroundDispatchOf(eventType));

    /// <summary>The listeners with what is around each of them.</summary>
    /// <param name="eventType">The event.</param>
    /// <param name="listeners">The listeners of the event, as the plan was made for them.</param>
    /// <param name="adapted">The same, each as it takes the event.</param>
    internal Listener[] AroundListeners(EventType eventType, Listener[] listeners, Listener[] adapted)
    {
        var hasMiddleware = HasListenerMiddleware(eventType);
        var stopping = hasMiddleware ? StoppingListener.Among(adapted) : adapted;
        var surrounded = _trace is null ? stopping : DispatchRecord.Watch(listeners, stopping);
        return hasMiddleware ? _services.GetRequiredService<ListenerMiddlewares>().Around(eventType, surrounded) : surrounded;
    }

    /// <summary>The plan with what is around it.</summary>
    internal EventPlan Around(EventType eventType, Listener[] listeners, EventPlan plan)
    {
        var mayDispatch = CanDispatch(listeners) || HasListenerMiddleware(eventType);
        if (_trace is not null)
        {
            plan = new TracePlan.Innermost(plan);
        }

        if (_middleware is not null)
        {
            plan = AroundDispatch(_middleware.AroundDispatch, eventType, plan, ref mayDispatch);
        }

        if (_trace is not null)
        {
            plan = new TracePlan(eventType, listeners, _trace, Loggers.Of(_services).Dispatch, plan);
        }

        return mayDispatch ? new ChainPlan(new ChainLink(eventType.Name, listeners), Flow, plan) : plan;
    }

    /// <summary>Whether something may keep a listener of such an event from running.</summary>
    internal bool HasListenerMiddleware(EventType eventType) => _middleware is not null && _middleware.IsAroundListenersOf(eventType);

    private EventPlan AroundDispatch(List<MiddlewareRegistration> registrations, EventType eventType, EventPlan plan, ref bool mayDispatch)
    {
        for (var index = registrations.Count - 1; index >= 0; index--)
        {
            if (registrations[index].IsFor(eventType))
            {
                var kept = Keep(registrations[index]);
                mayDispatch |= kept is null || registrations[index].MayDispatch;
                plan = new MiddlewareStep(eventType.Name, kept, registrations[index].Service, plan);
            }
        }

        return plan;
    }

    // Without a lock while it is made: what it takes in may dispatch from its constructor, on another thread, and come by here with a lock of the container in its hand.
    private IEventMiddleware? Keep(MiddlewareRegistration registration) =>
        _kept!.GetOrAdd(registration, static (each, self) => (IEventMiddleware?)each.FindKept(self._services, self._setup.Services), this);

    private static bool CanDispatch(Listener[] listeners)
    {
        foreach (var listener in listeners)
        {
            // One of a phase may run in the dispatch as well, where there is no unit of work.
            if (listener.CanDispatch && (listener.Delivery == Delivery.Inline || listener.Delivery.IsPhase()))
            {
                return true;
            }
        }

        return false;
    }
}
