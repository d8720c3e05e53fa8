namespace Carillon.Benchmarks.InProcess.References;

/// <summary>The plainest bus for events whose type is known at run time only: a dictionary by type, then a call.</summary>
public sealed class DictionaryBus
{
    private readonly Dictionary<Type, Func<object, ValueTask>> _handlers = [];

    /// <summary>Sets the only listener of a type of event.</summary>
    public void Add<TEvent>(IHandler<TEvent> handler) => _handlers[typeof(TEvent)] = @event =>
    {
        handler.Handle((TEvent)@event);
        return ValueTask.CompletedTask;
    };

    /// <summary>Calls it.</summary>
    public ValueTask PublishAsync(object @event) => _handlers[@event.GetType()](@event);
}
