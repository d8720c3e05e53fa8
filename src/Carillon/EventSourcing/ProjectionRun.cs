using System.Data.Common;

namespace Carillon.EventSourcing;

/// <summary>What a projection can know of the batch that it takes. A service of the batch's scope: methods and constructors of a projection take it as a parameter.</summary>
/// <threadsafety>Belongs to one batch; not safe for concurrent use.</threadsafety>
public sealed class ProjectionRun
{
    internal ProjectionRun()
    {
    }

    /// <summary>The name of the projection; empty outside of one.</summary>
    public string Name { get; internal set; } = string.Empty;

    /// <summary>The generation that is written, from 1.</summary>
    public int Generation { get; internal set; }

    /// <summary>Whether it is built beside the one that is read: these events were seen before. Whoever sends mail leaves it.</summary>
    public bool IsRebuild { get; internal set; }

    /// <summary>
    /// The transaction in which the read model is written and it is noted how far the projection has come. Its connection is the place to work on; neither is to be
    /// committed, rolled back or closed. Null if the event store is in memory.
    /// </summary>
    public DbTransaction? Transaction { get; internal set; }

    /// <summary>The event that is taken now, with its stream, version and position; null before the first and behind the last.</summary>
    public RecordedEvent? Event { get; internal set; }
}
