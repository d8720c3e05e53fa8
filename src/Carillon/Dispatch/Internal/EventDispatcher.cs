using System.Runtime.CompilerServices;
using Carillon.Envelopes;
using Carillon.Transactions;
using Carillon.Transactions.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace Carillon.Dispatch.Internal;

/// <summary>The dispatcher of one scope: a thin face over the plans that all scopes share.</summary>
internal sealed class EventDispatcher : DispatchScope, IEventDispatcher
{
    private readonly PlanTable _allPlans;

    // The same, or those that watch how long each listener takes, while a transaction is open.
    private PlanTable _plans;

    // Those of these plans that are found by a number; a field for those who dispatch.
    internal PlanSlots Quick;
    private EventBuffer? _buffer;

    internal EventDispatcher(IServiceProvider services, PlanTable plans)
        : base(services)
    {
        _allPlans = plans;
        _plans = plans;
        Quick = plans;
    }

    /// <summary>The dispatches of this scope that are under way, as far as their listeners may dispatch further ones.</summary>
    internal ChainStack Chain;

    /// <summary>The event whose durable listener runs in this scope: the cause of what it dispatches.</summary>
    internal Envelope? Cause { get; set; }

    /// <summary>The open unit of work of this scope; of several the one that was opened last.</summary>
    internal PendingWork? UnitOfWork { get; private set; }

    /// <summary>Where deliveries go that belong to no unit of work, if they are to be written with the outcome of the attempt that runs in this scope.</summary>
    internal IDeliverySink? Outbox { get; set; }

    /// <summary>Where the events of this scope wait, if they do. The quick path does not ask: it finds no plan then.</summary>
    internal EventBuffer? Buffer
    {
        get => _buffer;
        set
        {
            _buffer = value;
            Quick = value is null ? _plans : PlanSlots.None;
        }
    }

    internal void Open(PendingWork work)
    {
        work.Outer = UnitOfWork;
        UnitOfWork = work;
        UsePlans();
    }

    internal void Close(PendingWork work)
    {
        work.IsOpen = false;
        // Whatever order they end in, the scope goes on with the innermost one that is open.
        while (UnitOfWork is { IsOpen: false } ended)
        {
            UnitOfWork = ended.Outer;
        }

        UsePlans();
    }

    /// <summary>The unit of work or the ambient transaction that a dispatch belongs to; null if it belongs to none.</summary>
    internal PendingWork? FindWork(DeliveryOptions? options) =>
        options is { OutsideTransaction: true } ? null
        : UnitOfWork is { IsLed: true } own ? own
        : Services.GetService<IUnitOfWorkFinder>() is { } finder ? finder.Find()?.Pending ?? AmbientWork.Find(Services)
        : UnitOfWork ?? AmbientWork.Find(Services);

    /// <summary>Where deliveries go that belong to no unit of work, if an attempt writes them with its outcome.</summary>
    internal IDeliverySink? FindOutbox(DeliveryOptions? options) => options is { OutsideTransaction: true } ? null : Outbox;

    private void UsePlans()
    {
        _plans = UnitOfWork is null ? _allPlans : _allPlans.InTransaction;
        Buffer = _buffer;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ValueTask PublishAsync<TEvent>(TEvent @event, CancellationToken cancellationToken)
        where TEvent : notnull =>
        FindPlan(@event) is { } plan ? plan.InvokeAsync(@event, this, cancellationToken)
        : !typeof(TEvent).IsValueType && FindEarly(@event, typeof(TEvent), EventSlot<TEvent>.Index) is { } early ? early.InvokeAsync(@event, this, cancellationToken)
        : PublishSlowlyAsync(@event, cancellationToken);

    public ValueTask DispatchObjectAsync(object @event, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(@event);
        return _buffer is { } buffer && buffer.TryTake(@event) ? ValueTask.CompletedTask : DispatchNowAsync(@event, cancellationToken);
    }

    /// <summary>Past the buffer.</summary>
    internal ValueTask DispatchNowAsync(object @event, CancellationToken cancellationToken) =>
        _plans.Get(@event.GetType()).InvokeObjectAsync(@event, this, cancellationToken);

    public ValueTask DispatchObjectAsync(object @event, DeliveryOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(@event);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return !options.OutsideTransaction && _buffer is { } buffer && buffer.TryTake(@event, options)
            ? ValueTask.CompletedTask
            : DispatchNowAsync(@event, options, cancellationToken);
    }

    /// <summary>Past the buffer.</summary>
    internal ValueTask DispatchNowAsync(object @event, DeliveryOptions options, CancellationToken cancellationToken)
    {
        var scope = new ResultScope(this, results: null, options);
        return @event is NamedEvent named
            ? _plans.Names.Find(named.Name).For(named.Payload).InvokeAsync(named, scope, cancellationToken)
            : _plans.GetForResults(@event.GetType()).InvokeObjectAsync(@event, scope, cancellationToken);
    }

    internal ValueTask<bool> EmitAsync(string name, object? payload, CancellationToken cancellationToken)
    {
        var plan = _plans.Names.Find(name).For(payload);
        if (_buffer is { } buffer && buffer.TryTake(new NamedEvent(name, payload)))
        {
            return new ValueTask<bool>(plan.HasListeners);
        }

        var running = plan.InvokeAsync(name, payload, this, cancellationToken);
        return running == default ? new ValueTask<bool>(plan.HasListeners) : FinishAsync(running, plan.HasListeners, EventSlot<bool>.Index);
    }

    internal ValueTask DispatchNamedAsync(NamedEvent @event, CancellationToken cancellationToken) =>
        _plans.Names.Find(@event.Name).For(@event.Payload).InvokeAsync(@event, this, cancellationToken);

    public ValueTask DispatchForResultsAsync(object @event, ResultCollector results, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(@event);
        ArgumentNullException.ThrowIfNull(results);
        var scope = new ResultScope(this, results);
        return @event is NamedEvent named
            ? _plans.Names.Find(named.Name).For(named.Payload).InvokeAsync(named, scope, cancellationToken)
            : _plans.GetForResults(@event.GetType()).InvokeObjectAsync(@event, scope, cancellationToken);
    }

    internal static ValueTask PopAfter(ValueTask running, EventDispatcher dispatcher)
    {
        if (!running.IsCompletedSuccessfully)
        {
            return PopAfterAsync(running, dispatcher);
        }

        dispatcher.Chain.Pop();
        return running;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask PopAfterAsync(ValueTask running, EventDispatcher dispatcher)
    {
        try
        {
            await running.ConfigureAwait(false);
        }
        finally
        {
            dispatcher.Chain.Pop();
        }
    }

    /// <summary>The plan, unless it has to be made, or the event is of a type derived from that of the call, or null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private EventPlan<TEvent>? FindPlan<TEvent>(TEvent @event)
        where TEvent : notnull
    {
        var slots = Quick.Slots;
        var index = EventSlot<TEvent>.Index;
        // A struct is asked nothing: until the code is optimized, each question would box it.
        return (typeof(TEvent).IsValueType
                ? EventSlot<TEvent>.IsExact
                : @event is not null && (EventSlot<TEvent>.IsExact || @event.GetType() == typeof(TEvent)))
            && (uint)index < (uint)slots.Length
            ? Unsafe.As<EventPlan<TEvent>?>(slots[index])
            : null;
    }

    /// <summary>What calls the listener as long as a plan does not pay; null if there is a plan, or has to be. Not generic, and so compiled once for all types.</summary>
    internal EarlyPlan? FindEarly(object? @event, Type eventType, int index) =>
        @event is not null && _buffer is null && @event.GetType() == eventType ? _plans.GetEarly(eventType, index) : null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal ValueTask PublishSlowlyAsync<TEvent>(TEvent @event, CancellationToken cancellationToken)
        where TEvent : notnull
    {
        ArgumentNullException.ThrowIfNull(@event, nameof(@event));
        if (_buffer is { } buffer && buffer.TryTake(@event))
        {
            return ValueTask.CompletedTask;
        }

        return @event.GetType() == typeof(TEvent)
            ? _plans.Get<TEvent>().InvokeAsync(@event, this, cancellationToken)
            : _plans.Get(@event.GetType()).InvokeObjectAsync(@event, this, cancellationToken);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ValueTask<TEvent> FinishAsync<TEvent>(ValueTask running, TEvent @event, int slot)
    {
        if (!running.IsCompletedSuccessfully)
        {
            return RunningDispatch<TEvent>.Start(running, @event, slot);
        }

        // Gives a pooled source back.
        running.GetAwaiter().GetResult();
        return new ValueTask<TEvent>(@event);
    }
}
