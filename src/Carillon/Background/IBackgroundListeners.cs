namespace Carillon.Background;

/// <summary>Looks at the listeners that wait and run in the background. A singleton of an application that has such listeners.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public interface IBackgroundListeners
{
    /// <summary>How many calls wait to begin.</summary>
    int Waiting { get; }

    /// <summary>How many listeners are running.</summary>
    int Running { get; }

    /// <summary>Waits for a moment at which nothing waits and nothing runs: for tests, and for programs without a host before they end.</summary>
    /// <param name="cancellationToken">Ends the wait, nothing else.</param>
    Task WhenIdleAsync(CancellationToken cancellationToken = default);
}
