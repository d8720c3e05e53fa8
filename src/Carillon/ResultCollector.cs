namespace Carillon;

/// <summary>Takes in what listeners give back, for an emitter that asked for results. A dispatcher of your own passes it on, or fills it.</summary>
/// <threadsafety>Belongs to one dispatch; not safe for concurrent use.</threadsafety>
public abstract class ResultCollector
{
    private protected ResultCollector()
    {
    }

    /// <summary>Whether the emitter has what it wanted, so that no further listener takes part.</summary>
    public abstract bool IsComplete { get; }

    /// <summary>Takes a result in, if it is of the type that was asked for; anything else, and null, is left out.</summary>
    /// <param name="listenerId">The listener that gave it.</param>
    /// <param name="result">The result.</param>
    public abstract void Add(string listenerId, object? result);
}
