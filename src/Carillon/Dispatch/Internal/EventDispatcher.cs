using System.Runtime.CompilerServices;
using Carillon.Envelopes;
using Carillon.Transactions.Internal;

namespace Carillon.Dispatch.Internal;

/// <summary>The dispatcher of one scope: a thin face over the plans that all scopes share.</summary>
internal sealed class EventDispatcher : DispatchScope, IEventDispatcher
{
    private readonly PlanTable _plans;

    internal EventDispatcher(IServiceProvider services, PlanTable plans)
        : base(services) =>
        _plans = plans;

    /// <summary>The event whose durable listener runs in this scope: the cause of what it dispatches.</summary>
    internal Envelope? Cause { get; set; }

    /// <summary>The open unit of work of this scope, to which deliveries belong.</summary>
    internal IDeliverySink? UnitOfWork { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ValueTask<TEvent> DispatchAsync<TEvent>(TEvent @event, CancellationToken cancellationToken)
        where TEvent : notnull
    {
        var running = PublishAsync(@event, cancellationToken);
        if (!running.IsCompletedSuccessfully)
        {
            return AwaitAsync(running, @event);
        }

        running.GetAwaiter().GetResult();
        return new ValueTask<TEvent>(@event);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ValueTask PublishAsync<TEvent>(TEvent @event, CancellationToken cancellationToken)
        where TEvent : notnull
    {
        // A struct is asked nothing: until the code is optimized, each question would box it.
        if (!typeof(TEvent).IsValueType && @event is null)
        {
            ThrowNull();
        }

        var slots = _plans.Slots;
        var index = EventSlot<TEvent>.Index;
        return (typeof(TEvent).IsValueType || @event.GetType() == typeof(TEvent)) && (uint)index < (uint)slots.Length && slots[index] is { } plan
            ? Unsafe.As<EventPlan<TEvent>>(plan).InvokeAsync(@event, this, cancellationToken)
            : PublishSlowlyAsync(@event, cancellationToken);
    }

    public ValueTask DispatchObjectAsync(object @event, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(@event);
        return _plans.Get(@event.GetType()).InvokeObjectAsync(@event, this, cancellationToken);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ValueTask PublishSlowlyAsync<TEvent>(TEvent @event, CancellationToken cancellationToken)
        where TEvent : notnull =>
        @event.GetType() == typeof(TEvent)
            ? _plans.Get<TEvent>().InvokeAsync(@event, this, cancellationToken)
            : _plans.Get(@event.GetType()).InvokeObjectAsync(@event, this, cancellationToken);

    private static async ValueTask<TEvent> AwaitAsync<TEvent>(ValueTask running, TEvent @event)
    {
        await running.ConfigureAwait(false);
        return @event;
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private static void ThrowNull() => throw new ArgumentNullException("event");
}
