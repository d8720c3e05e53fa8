namespace Carillon.Tracing;

/// <summary>What was dispatched, and to whom: for development and tests. In the services after <c>UseTracing()</c>, as a singleton.</summary>
/// <threadsafety>Safe for concurrent use. What a property returns is a snapshot.</threadsafety>
public interface IDispatchTrace
{
    /// <summary>The dispatches that have ended, the oldest first, as many as are kept. One inside a listener comes before the one around it.</summary>
    IReadOnlyList<TracedDispatch> Dispatches { get; }

    /// <summary>The names of events that were dispatched and had no listener, each once.</summary>
    IReadOnlyList<string> Orphans { get; }

    /// <summary>Forgets everything.</summary>
    void Clear();
}
