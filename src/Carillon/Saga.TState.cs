namespace Carillon;

/// <summary>A process that takes several events and some time: begun by an event, found again by a property, with state that is kept between them.</summary>
/// <remarks>
/// <para>
/// Its methods are listeners: <see cref="StartedByAttribute"/> begins it, <see cref="OnEventAttribute"/> goes on with it, <see cref="CompensatesAttribute"/> undoes a step. They are durable and
/// transactional: the state, what the method dispatches, pushes and schedules, and the completion of its delivery are committed together, or none of it.
/// </para>
/// <para>Two events of one saga at once: one wins, and the other comes again and finds what the first has left.</para>
/// </remarks>
/// <typeparam name="TState">What is kept: a class that JSON can carry.</typeparam>
/// <threadsafety>Belongs to one attempt; not safe for concurrent use.</threadsafety>
public abstract class Saga<TState> : Saga
    where TState : class, new()
{
    /// <summary>What is kept from one event to the next. Change it as you like: it is stored when the method returns, and forgotten when it throws.</summary>
    /// <exception cref="InvalidOperationException">Read outside a method of the saga that an event has called.</exception>
    protected TState State
    {
        get
        {
            _ = Run;
            return (TState)StateObject!;
        }
    }

    internal sealed override object NewState() => new TState();
}
