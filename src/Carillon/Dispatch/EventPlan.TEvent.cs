using System.Runtime.CompilerServices;

namespace Carillon.Dispatch;

/// <summary>The listeners of one type of event as code: the base of what the source generator writes.</summary>
/// <typeparam name="TEvent">The exact run-time type of the events.</typeparam>
/// <threadsafety>Implementations must be safe for concurrent use.</threadsafety>
public abstract class EventPlan<TEvent> : EventPlan
    where TEvent : notnull
{
    /// <summary>Calls every listener, in order.</summary>
    /// <param name="event">The event.</param>
    /// <param name="scope">Where listeners and their dependencies are resolved.</param>
    /// <param name="cancellationToken">Handed to every listener.</param>
    public abstract ValueTask InvokeAsync(TEvent @event, DispatchScope scope, CancellationToken cancellationToken);

    // Whoever has a plan has found it by the type of the event: a class is not asked again.
    internal override ValueTask InvokeObjectAsync(object @event, DispatchScope scope, CancellationToken cancellationToken) =>
        InvokeAsync(typeof(TEvent).IsValueType ? (TEvent)@event : Unsafe.As<object, TEvent>(ref @event), scope, cancellationToken);
}
