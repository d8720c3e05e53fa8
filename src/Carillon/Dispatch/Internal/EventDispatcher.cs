using System.Runtime.CompilerServices;
using Carillon.Envelopes;
using Carillon.Transactions.Internal;

namespace Carillon.Dispatch.Internal;

/// <summary>The dispatcher of one scope: a thin face over the plans that all scopes share.</summary>
internal sealed class EventDispatcher : DispatchScope, IEventDispatcher
{
    private readonly PlanTable _plans;
    private PlanSlots _quick;
    private EventBuffer? _buffer;

    internal EventDispatcher(IServiceProvider services, PlanTable plans)
        : base(services)
    {
        _plans = plans;
        _quick = plans;
    }

    /// <summary>The dispatches of this scope that are under way, as far as their listeners may dispatch further ones.</summary>
    internal ChainStack Chain;

    /// <summary>The event whose durable listener runs in this scope: the cause of what it dispatches.</summary>
    internal Envelope? Cause { get; set; }

    /// <summary>The open unit of work of this scope, to which deliveries belong.</summary>
    internal IDeliverySink? UnitOfWork { get; set; }

    /// <summary>Where deliveries go that belong to no unit of work, if they are to be written with the outcome of the attempt that runs in this scope.</summary>
    internal IDeliverySink? Outbox { get; set; }

    /// <summary>Where the events of this scope wait, if they do. The quick path does not ask: it finds no plan then.</summary>
    internal EventBuffer? Buffer
    {
        get => _buffer;
        set
        {
            _buffer = value;
            _quick = value is null ? _plans : PlanSlots.None;
        }
    }

    // This and PublishAsync become part of the emitter's own method: each instruction counts, and what is rare is a call.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ValueTask<TEvent> DispatchAsync<TEvent>(TEvent @event, CancellationToken cancellationToken)
        where TEvent : notnull
    {
        // FindPlan, written out: until code is optimized, a generic method more is one more for each type of event.
        var slots = _quick.Slots;
        var index = EventSlot<TEvent>.Index;
        var plan = (typeof(TEvent).IsValueType
                ? EventSlot<TEvent>.IsExact
                : @event is not null && (EventSlot<TEvent>.IsExact || @event.GetType() == typeof(TEvent)))
            && (uint)index < (uint)slots.Length
            ? Unsafe.As<EventPlan<TEvent>?>(slots[index])
            : null;
        if (plan is null)
        {
            return DispatchSlowlyAsync(@event!, cancellationToken);
        }

        // One that completed at once and has nothing behind it that wants to be given back is the default.
        var running = plan.InvokeAsync(@event!, this, cancellationToken);
        return running == default ? new ValueTask<TEvent>(@event!) : FinishAsync(running, @event!, index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ValueTask PublishAsync<TEvent>(TEvent @event, CancellationToken cancellationToken)
        where TEvent : notnull =>
        FindPlan(@event) is { } plan
            ? plan.InvokeAsync(@event, this, cancellationToken)
            : PublishSlowlyAsync(@event, cancellationToken);

    public ValueTask DispatchObjectAsync(object @event, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(@event);
        return _buffer is { } buffer && buffer.TryTake(@event) ? ValueTask.CompletedTask : DispatchNowAsync(@event, cancellationToken);
    }

    /// <summary>Past the buffer.</summary>
    internal ValueTask DispatchNowAsync(object @event, CancellationToken cancellationToken) =>
        _plans.Get(@event.GetType()).InvokeObjectAsync(@event, this, cancellationToken);

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
        return @event is NamedEvent named
            ? _plans.Names.Find(named.Name).For(named.Payload).InvokeAsync(named, this, results, cancellationToken)
            : _plans.GetForResults(@event.GetType()).InvokeObjectAsync(@event, new ResultScope(this, results), cancellationToken);
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
        var slots = _quick.Slots;
        var index = EventSlot<TEvent>.Index;
        // A struct is asked nothing: until the code is optimized, each question would box it.
        return (typeof(TEvent).IsValueType
                ? EventSlot<TEvent>.IsExact
                : @event is not null && (EventSlot<TEvent>.IsExact || @event.GetType() == typeof(TEvent)))
            && (uint)index < (uint)slots.Length
            ? Unsafe.As<EventPlan<TEvent>?>(slots[index])
            : null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask<TEvent> DispatchSlowlyAsync<TEvent>(TEvent @event, CancellationToken cancellationToken)
        where TEvent : notnull
    {
        if (typeof(TEvent).IsValueType || !TryDispatchEarly(@event, typeof(TEvent), EventSlot<TEvent>.Index, cancellationToken, out var running))
        {
            running = PublishWithPlanAsync(@event, cancellationToken);
        }

        return running == default ? new ValueTask<TEvent>(@event) : FinishAsync(running, @event, EventSlot<TEvent>.Index);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask PublishSlowlyAsync<TEvent>(TEvent @event, CancellationToken cancellationToken)
        where TEvent : notnull =>
        !typeof(TEvent).IsValueType && TryDispatchEarly(@event, typeof(TEvent), EventSlot<TEvent>.Index, cancellationToken, out var running)
            ? running
            : PublishWithPlanAsync(@event, cancellationToken);

    // Not generic, and so compiled once for all types. Not for structs, which would have to be boxed.
    private bool TryDispatchEarly(object? @event, Type eventType, int index, CancellationToken cancellationToken, out ValueTask running)
    {
        if (@event is not null && _buffer is null && @event.GetType() == eventType && _plans.GetEarly(eventType, index) is { } early)
        {
            running = early.InvokeAsync(@event, this, cancellationToken);
            return true;
        }

        running = default;
        return false;
    }

    private ValueTask PublishWithPlanAsync<TEvent>(TEvent @event, CancellationToken cancellationToken)
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
    private static ValueTask<TEvent> FinishAsync<TEvent>(ValueTask running, TEvent @event, int slot)
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
