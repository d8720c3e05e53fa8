namespace Carillon.EventSourcing.InMemory;

/// <summary>Keeps streams in the memory of the process: for development and tests. Behaves as the databases do, and is gone with the process.</summary>
/// <threadsafety>Safe for concurrent use.</threadsafety>
public sealed class InMemoryStreamDatabase : IStreamDatabase
{
    /// <inheritdoc/>
    public IStreamStore Streams { get; } = new InMemoryStreamStore();

    /// <inheritdoc/>
    public IProjectionStore Projections { get; } = new InMemoryProjectionStore();
}
