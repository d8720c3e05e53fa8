using Carillon.Dispatch;
using Carillon.Events;
using Carillon.Listeners;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Benchmarks.InProcess;

/// <summary>What the source generator writes for the listeners of this folder, by hand.</summary>
internal static class HandWrittenPlans
{
    private static readonly string[] TenIds = [.. "ABCDEFGHIJ".Select(method => $"TenListeners.{method}")];

    internal static CarillonBuilder AddListeners(this CarillonBuilder carillon)
    {
        carillon.AddListenerClass(typeof(OneListener), ServiceLifetime.Singleton);
        carillon.AddListenerClass(typeof(TenListeners), ServiceLifetime.Singleton);
        carillon.AddListenerClass(typeof(ScopedListener), ServiceLifetime.Scoped);
        carillon.AddEvent(new EventType(typeof(OneEvent), "one.event", 1));
        carillon.AddEvent(new EventType(typeof(TenEvent), "ten.event", 1));
        carillon.AddEvent(new EventType(typeof(ScopedEvent), "scoped.event", 1));
        carillon.AddListener(Listen<OneListener, OneEvent>("OneListener.Handle", static (listener, @event) => listener.Handle(@event)));
        carillon.AddListener(Listen<TenListeners, TenEvent>(TenIds[0], static (listener, @event) => listener.A(@event)));
        carillon.AddListener(Listen<TenListeners, TenEvent>(TenIds[1], static (listener, @event) => listener.B(@event)));
        carillon.AddListener(Listen<TenListeners, TenEvent>(TenIds[2], static (listener, @event) => listener.C(@event)));
        carillon.AddListener(Listen<TenListeners, TenEvent>(TenIds[3], static (listener, @event) => listener.D(@event)));
        carillon.AddListener(Listen<TenListeners, TenEvent>(TenIds[4], static (listener, @event) => listener.E(@event)));
        carillon.AddListener(Listen<TenListeners, TenEvent>(TenIds[5], static (listener, @event) => listener.F(@event)));
        carillon.AddListener(Listen<TenListeners, TenEvent>(TenIds[6], static (listener, @event) => listener.G(@event)));
        carillon.AddListener(Listen<TenListeners, TenEvent>(TenIds[7], static (listener, @event) => listener.H(@event)));
        carillon.AddListener(Listen<TenListeners, TenEvent>(TenIds[8], static (listener, @event) => listener.I(@event)));
        carillon.AddListener(Listen<TenListeners, TenEvent>(TenIds[9], static (listener, @event) => listener.J(@event)));
        carillon.AddListener(Listen<ScopedListener, ScopedEvent>("ScopedListener.Handle", static (listener, @event) => listener.Handle(@event)));
        carillon.AddPlan(new GeneratedPlan(typeof(OneEvent), ["OneListener.Handle"], static lifetimes => new OnePlan(lifetimes)));
        carillon.AddPlan(new GeneratedPlan(typeof(TenEvent), TenIds, static lifetimes => new TenPlan(lifetimes)));
        carillon.AddPlan(new GeneratedPlan(typeof(ScopedEvent), ["ScopedListener.Handle"], static lifetimes => new ScopedPlan(lifetimes)));
        return carillon;
    }

    private static Listener Listen<TListener, TEvent>(string id, Action<TListener, TEvent> call)
        where TListener : notnull =>
        new(id, typeof(TEvent), (object @event, in ListenerCall at) =>
        {
            call(at.Services.GetRequiredService<TListener>(), (TEvent)@event);
            return ValueTask.CompletedTask;
        })
        {
            Dependencies = [new ListenerDependency(typeof(TListener))],
        };

    private sealed class OnePlan(ServiceLifetimes lifetimes) : EventPlan<OneEvent>
    {
        private ListenerService<OneListener> _listener0 = new(lifetimes);

        public override ValueTask InvokeAsync(OneEvent @event, DispatchScope scope, CancellationToken cancellationToken)
        {
            _listener0.Get(scope).Handle(@event);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class TenPlan(ServiceLifetimes lifetimes) : EventPlan<TenEvent>
    {
        private ListenerService<TenListeners> _listener0 = new(lifetimes);

        public override ValueTask InvokeAsync(TenEvent @event, DispatchScope scope, CancellationToken cancellationToken)
        {
            _listener0.Get(scope).A(@event);
            _listener0.Get(scope).B(@event);
            _listener0.Get(scope).C(@event);
            _listener0.Get(scope).D(@event);
            _listener0.Get(scope).E(@event);
            _listener0.Get(scope).F(@event);
            _listener0.Get(scope).G(@event);
            _listener0.Get(scope).H(@event);
            _listener0.Get(scope).I(@event);
            _listener0.Get(scope).J(@event);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class ScopedPlan(ServiceLifetimes lifetimes) : EventPlan<ScopedEvent>
    {
        private ListenerService<ScopedListener> _listener0 = new(lifetimes);

        public override ValueTask InvokeAsync(ScopedEvent @event, DispatchScope scope, CancellationToken cancellationToken)
        {
            _listener0.Get(scope).Handle(@event);
            return ValueTask.CompletedTask;
        }
    }
}
