namespace Carillon.EventSourcing;

/// <summary>How a projection is run.</summary>
public sealed class ProjectionOptions
{
    /// <summary>
    /// How many events at the most are taken in one transaction. Larger ones are faster, and hold their locks for longer. 0, the default, for as many as are read at a time
    /// (<see cref="EventStoreOptions.PageSize"/>).
    /// </summary>
    public int BatchSize { get; set; }

    /// <summary>How often an event is tried before the projection stops on it; 0, the default, takes the number from the retry options, and the delays come from there too.</summary>
    public int MaxAttempts { get; set; }

    /// <summary>
    /// Whether events are left out that nothing here has a type or a version for. Defaults to false: they may be those of a newer release, whose processes take the
    /// projection over. Set it to true once events are in the store whose types are gone for good.
    /// </summary>
    public bool SkipsUnknown { get; set; }
}
