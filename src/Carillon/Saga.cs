using System.Text.Json.Nodes;
using Carillon.Sagas;
using Carillon.Sagas.Internal;

namespace Carillon;

/// <summary>What all sagas have in common. Derive from <see cref="Saga{TState}"/>.</summary>
/// <threadsafety>Belongs to one attempt; not safe for concurrent use.</threadsafety>
public abstract class Saga
{
    private SagaRun? _run;

    private protected Saga()
    {
    }

    /// <summary>What this one saga is found by: the correlated property of its events.</summary>
    /// <exception cref="InvalidOperationException">Read outside a method of the saga that an event has called.</exception>
    protected string Key => Run.Key;

    internal SagaRun Run => _run ?? throw new InvalidOperationException(
        $"A saga '{GetType()}' has no state here: it has one while an event calls a method of it, on the instance of the scope. Leave the class registered as it is, as scoped, "
        + "and read a saga from elsewhere with ISagas.");

    private protected object? StateObject { get; private set; }

    /// <summary>The saga has reached its end: when the method returns its open time-outs are cancelled, and what comes later is ignored, counted and logged.</summary>
    protected void Complete() => Run.Complete();

    /// <summary>
    /// The saga gives up: when the method returns its open time-outs are cancelled, and what has succeeded is undone by the methods with <see cref="CompensatesAttribute"/>, in reverse order, one after the other. The
    /// method that calls this is not among what has succeeded.
    /// </summary>
    /// <param name="reason">Why, for those methods and for people.</param>
    protected void Compensate(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        Run.Compensate(reason);
    }

    /// <summary>Dispatches an event after a while, unless the saga has ended by then. There is one of a type at a time: asking again moves it.</summary>
    /// <param name="event">The event, stored as it is when the method returns. Let a method of the saga listen to it.</param>
    /// <param name="after">How long from now; not negative.</param>
    protected void TimeOut(object @event, TimeSpan after)
    {
        ArgumentNullException.ThrowIfNull(@event);
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        Run.TimeOut(@event, after);
    }

    /// <summary>Takes a time-out back; nothing happens if none of this type is open.</summary>
    /// <typeparam name="TEvent">The event that was to be dispatched.</typeparam>
    protected void CancelTimeOut<TEvent>()
        where TEvent : notnull =>
        Run.CancelTimeOut(typeof(TEvent));

    /// <summary>Turns state that was stored with an earlier version into what it is today. By default it is read as it is.</summary>
    /// <param name="state">The stored state.</param>
    /// <param name="version">The version with which it was stored.</param>
    /// <returns>The state as today's type is written.</returns>
    protected internal virtual JsonObject Upgrade(JsonObject state, int version) => state;

    internal abstract object NewState();

    internal void Attach(SagaRun run, object state)
    {
        _run = run;
        StateObject = state;
    }

    internal object DetachState()
    {
        var state = StateObject!;
        (_run, StateObject) = (null, null);
        return state;
    }
}
