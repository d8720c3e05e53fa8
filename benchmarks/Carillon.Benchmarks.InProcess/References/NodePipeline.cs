namespace Carillon.Benchmarks.InProcess.References;

/// <summary>Middleware at its cheapest: each step is an object that holds the next one.</summary>
public abstract class Node<TEvent>
{
    /// <summary>Runs this step and those after it.</summary>
    public abstract ValueTask InvokeAsync(TEvent @event);
}

/// <summary>One middleware that does nothing.</summary>
public sealed class PassingNode<TEvent>(Node<TEvent> next) : Node<TEvent>
{
    /// <inheritdoc/>
    public override ValueTask InvokeAsync(TEvent @event) => next.InvokeAsync(@event);
}

/// <summary>The end of the pipeline: the listener.</summary>
public sealed class HandlerNode<TEvent>(IHandler<TEvent> handler) : Node<TEvent>
{
    /// <inheritdoc/>
    public override ValueTask InvokeAsync(TEvent @event)
    {
        handler.Handle(@event);
        return ValueTask.CompletedTask;
    }
}
