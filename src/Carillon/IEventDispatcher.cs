namespace Carillon;

/// <summary>Calls the listeners of an event, in their order. This is what an emitter takes as a dependency.</summary>
/// <remarks>
/// <para>
/// Scoped: inline listeners come from the scope of the dispatcher. A singleton takes <see cref="IEventDispatcherFactory"/> instead.
/// Call it through <see cref="EventDispatcherExtensions.DispatchAsync{TEvent}"/>. Not thread-safe: a scope belongs to one flow of work at a time.
/// </para>
/// <para>
/// What an awaited dispatch means: every inline listener has finished; every durable listener's delivery belongs to the open unit of work of
/// this scope and is written no later than its commit or, without one, is committed to the store. It never means that a durable listener has run.
/// </para>
/// </remarks>
public interface IEventDispatcher : IEventBus;
